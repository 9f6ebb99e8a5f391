/** Which databases of a server are read, and what is said of those that are not: dropped, closed, or hidden from us. */
import type { CollectContext } from 'drifttrail';
import { databaseOf, databaseScope, databasesOf, serverScope } from './scope.ts';

/** What a server says it has. */
export interface Listing {
  readonly databases: readonly Listed[];
  /** Where it names only what we may see: what to grant. Then nothing that is missing is known to be gone. */
  readonly hidden?: string | undefined;
  /** Names that differ only by case are one. */
  readonly caseless?: boolean;
}

interface Listed {
  readonly name: string;
  /** Why nobody, or not we, can read it: `accepts no connections`. */
  readonly closed?: string | undefined;
  /** Comes with the server: read only where it is asked for by name. */
  readonly builtIn?: boolean;
}

interface Wanted {
  readonly name: string;
  readonly databases: 'all' | readonly string[];
}

type Context = Pick<CollectContext, 'surveyed' | 'known' | 'gap' | 'progress'>;

/**
 * The databases to read. Of a server that names all it has, a database that is not among them is gone, whether it is wanted
 * or not; one that is wanted and never was there is a gap, since then the name is likely wrong.
 */
export function databasesToRead(context: Context, { name: server, databases: wanted }: Wanted, listing: Listing): string[] {
  const same = listing.caseless === true ? (one: string) => one.toLowerCase() : (one: string) => one;
  const exact = new Set(listing.databases.map(({ name }) => name));
  const find = (name: string) => listing.databases.find((one) => (exact.has(name) ? one.name === name : same(one.name) === same(name)));
  const scopes = context.known().map(({ scope }) => scope);
  const held = new Set(scopes.filter((scope) => scope.startsWith(`${databasesOf(server)}/`) && scope !== serverScope(server)));
  const known = [...held].map(databaseOf).filter((name) => find(name)?.builtIn !== true);
  if (listing.hidden === undefined) {
    // A scope is called as it was configured, in whatever case.
    const spelt = [...known, ...(wanted === 'all' ? [] : wanted)].filter((name) => find(name) !== undefined);
    const there = new Set([...listing.databases.map(({ name }) => name), ...spelt]);
    context.surveyed(databasesOf(server), [serverScope(server), ...[...there].map((name) => databaseScope(server, name))]);
  }
  const open = listing.databases.filter(({ closed, builtIn }) => closed === undefined && builtIn !== true).map(({ name }) => name);
  const asked = wanted === 'all' ? [...new Set([...open, ...known])].sort() : wanted;
  return asked.filter((name) => {
    const scope = databaseScope(server, name);
    const found = find(name);
    if (found?.closed !== undefined) context.gap({ scope, reason: 'denied', detail: `the database ${name} ${found.closed}` });
    else if (found === undefined && listing.hidden !== undefined)
      context.gap({ scope, reason: 'denied', detail: `the database ${name} is not shown to us; ${listing.hidden}` });
    else if (found === undefined && held.has(scope)) context.progress(`${server} has no database ${name} any more`);
    else if (found === undefined)
      context.gap({ scope, reason: 'invalid', detail: `${server} has no database ${name}; mend or remove the name under databases:` });
    else return true;
    return false;
  });
}
