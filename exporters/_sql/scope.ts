/** Scopes of databases: `databases/<server>/<database>`, and `databases/<server>/_server` for what the whole server shares. */
import type { ScopeLayout } from 'drifttrail';

export const databaseScopes: ScopeLayout = { root: 'databases', depth: 3 };

/** Above all scopes of a server. */
export const databasesOf = (server: string): string => `databases/${server}`;

export const serverScope = (server: string): string => `${databasesOf(server)}/_server`;

/** A slash would be a segment of its own, and a database may be called `_server`: both are told apart from what they look like. */
export function databaseScope(server: string, database: string): string {
  const name = database
    .replaceAll('%', '%25')
    .replaceAll('/', '%2F')
    .replace(/^_+server$/, (taken) => `_${taken}`);
  return `databases/${server}/${name}`;
}

export function databaseOf(scope: string): string {
  const name = scope.slice(scope.lastIndexOf('/') + 1);
  return name
    .replace(/^__+server$/, (taken) => taken.slice(1))
    .replaceAll('%2F', '/')
    .replaceAll('%25', '%');
}

export const serverOf = (scope: string): string => scope.split('/')[1] ?? '';

export const isServerScope = (scope: string): boolean => scope.endsWith('/_server');
