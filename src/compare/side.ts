/** What people name to compare: a host, an account, a region, any scope, now or at a time. */
import { DrifttrailError } from '../errors.ts';
import { suggestion } from '../suggest.ts';

/** `scope` holds one scope or all below it: `hosts/web01`, `aws/123456789012`. */
export interface SideName {
  /** As it was typed, and unique among the sides. */
  readonly name: string;
  readonly scope: string;
  /** As it was typed behind the `@`; undefined for the newest. */
  readonly at: string | undefined;
}

/**
 * `web01`, `hosts/web01`, `web*`, `aws/123456789012`, `eu-west-1`, each with `@2026-11-20` or `@24h`. The end of a scope is enough
 * where only one has it. Throws `side-unknown`, `side-ambiguous` and `side-twice`.
 */
export function parseSides(texts: readonly string[], scopes: ReadonlySet<string>): SideName[] {
  const known = withParents(scopes);
  const sides = texts.flatMap((text) => {
    const [, what = '', at] = /^(.*?)(?:@([^@]*))?$/.exec(text) ?? [];
    const name = what.replace(/\/+$/, '');
    if (!name.includes('*')) return [{ name: text, scope: scopeOf(name, known), at }];
    const found = matching(name, known);
    return found.map((scope) => ({ name: `${shortest(scope, found)}${at === undefined ? '' : `@${at}`}`, scope, at }));
  });
  const twice = sides.find(({ scope, at }, index) => sides.findIndex((other) => other.scope === scope && other.at === at) !== index);
  if (twice !== undefined) {
    throw new DrifttrailError({
      code: 'side-twice',
      message: `${twice.name} is named twice`,
      remedy: `name another scope, or another time: ${twice.scope}@24h`,
    });
  }
  return sides;
}

function scopeOf(what: string, known: ReadonlySet<string>): string {
  if (known.has(what)) return what;
  const found = [...known].filter((scope) => scope.endsWith(`/${what}`)).sort();
  const [only] = found;
  if (only !== undefined && found.length === 1) return only;
  if (found.length > 1) {
    throw new DrifttrailError({
      code: 'side-ambiguous',
      message: `${what} stands for ${found.length} scopes`,
      remedy: `name one of: ${found.slice(0, 5).join(', ')}`,
    });
  }
  const names = new Set([...known].flatMap((scope) => [scope, lastOf(scope)]));
  throw new DrifttrailError({
    code: 'side-unknown',
    message: `nothing was recorded of ${what === '' ? 'an empty name' : what}`,
    remedy: suggestion(what, names, 'drifttrail coverage says what is watched'),
  });
}

/** `web*` and `hosts/web*`: scopes of as many segments, at the end. */
function matching(pattern: string, known: ReadonlySet<string>): string[] {
  const words = pattern.split('/').map((word) => word.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '[^/]*'));
  const wanted = new RegExp(`(?:^|/)${words.join('/')}$`);
  const found = [...known].filter((scope) => wanted.test(scope)).sort();
  if (found.length > 0) return found;
  throw new DrifttrailError({
    code: 'side-unknown',
    message: `nothing that was recorded is named like ${pattern}`,
    remedy: 'drifttrail coverage says what is watched',
  });
}

/** The end of a scope that no other has: `eu-west-1`, or `111122223333/eu-west-1` among several accounts. */
function shortest(scope: string, others: readonly string[]): string {
  const segments = scope.split('/');
  for (let from = segments.length - 1; from > 0; from--) {
    const end = segments.slice(from).join('/');
    if (others.filter((other) => other.endsWith(`/${end}`)).length === 1) return end;
  }
  return scope;
}

const lastOf = (scope: string): string => scope.slice(scope.lastIndexOf('/') + 1);

function withParents(scopes: ReadonlySet<string>): Set<string> {
  const all = new Set<string>();
  for (const scope of scopes) {
    const segments = scope.split('/');
    // A root alone, such as `aws`, is no side.
    for (let length = 2; length <= segments.length; length++) all.add(segments.slice(0, length).join('/'));
  }
  return all;
}
