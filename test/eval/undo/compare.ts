/** What still differs from the state before, leaf by leaf, once an undo has been carried out. */
import canonical from 'fast-json-stable-stringify';
import type { Json } from '../../../src/model.ts';
import type { Documents } from '../attribution/documents.ts';
import { changedLeaves } from '../attribution/leaves.ts';
import { inOldIds, pairIds, rename, sorted } from './ids.ts';

export interface Difference {
  readonly resource: string;
  readonly kind: string;
  /** A pointer; '' for a resource that is missing or too much. */
  readonly path: string;
}

export interface Comparison {
  readonly differences: readonly Difference[];
  /** Resources that have another id now, by their old one. */
  readonly anew: readonly string[];
  /** The very same bytes, file for file. */
  readonly identical: boolean;
}

/** Given anew to whatever is made anew: when, and on which network card. */
const ASSIGNED = /\/(?:[a-z]*(?:create|creation|attach|launch|upload)[a-z]*(?:date|time|timestamp)|macAddress)$/i;
/** IAM's own key of a thing, beside the name that people know it by. */
const UNIQUE = /^\/(?:user|group|role|policy|instanceProfile)Id$|^\/sAMLProviderUUID$/;

export function compare(before: Documents, restored: Documents): Comparison {
  const renamed = pairIds(before, restored);
  const was = new Map([...before].map(([key, { config }]) => [key, sorted(config)]));
  const is = new Map([...restored].map(([key, { config }]) => [rename(key, renamed), inOldIds(config, renamed)]));
  const differences = [...new Set([...was.keys(), ...is.keys()])].flatMap((resource) =>
    pathsBetween(was.get(resource), is.get(resource)).map((path) => ({ resource, kind: resource.split(' ')[1] ?? '', path })),
  );
  const hasOther = (key: string) =>
    differences.some(({ resource, kind, path }) => resource === key && kind.startsWith('aws.iam.') && UNIQUE.test(path));
  const anew = [...before].filter(([key]) => (is.has(key) && !restored.has(key)) || hasOther(key)).map(([, { ref }]) => ref.id);
  return { differences, anew, identical: sameBytes(before, restored) };
}

/** Something made anew that is otherwise the same. */
export function isAssigned({ kind, path }: Difference): boolean {
  return ASSIGNED.test(path) || (kind.startsWith('aws.iam.') && UNIQUE.test(path));
}

export function isWithin(path: string, pattern: string): boolean {
  const [parts, wanted] = [path.split('/'), pattern.split('/')];
  return wanted.every((part, index) => part === '*' || part === parts[index]);
}

function pathsBetween(was: Json | undefined, is: Json | undefined): string[] {
  if (canonical(was ?? null) === canonical(is ?? null)) return [];
  return was === undefined || is === undefined ? [''] : changedLeaves(was, is);
}

function sameBytes(before: Documents, restored: Documents): boolean {
  return (
    before.size === restored.size &&
    [...before].every(([key, { bytes }]) => {
      const now = restored.get(key)?.bytes;
      return now !== undefined && Buffer.compare(bytes, now) === 0;
    })
  );
}
