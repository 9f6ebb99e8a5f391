/** What was made anew has other ids: finds which new one stands for which old one, so that the rest can be compared. */
import type { Json } from '../../../src/model.ts';
import { isObject } from '../../../src/pointer.ts';
import type { Documents } from '../attribution/documents.ts';

/** `subnet-0a1b2c3d`, `AROA…`; EC2's ids are hexadecimal, those of IAM begin with their type. */
const ID = /\b(?:[a-z]+-)+[0-9a-f]{8,32}\b|\bA(?:KIA|IDA|ROA|GPA|NPA|IPA|NVA)[A-Z0-9]{8,}\b/g;

/** New id → old id. */
export type Renamed = ReadonlyMap<string, string>;

export function pairIds(before: Documents, restored: Documents): Renamed {
  const [old, now] = [textsOf(before), textsOf(restored)];
  const [wanted, found] = [idsIn(old), idsIn(now)];
  const [were, are] = [resourceIds(before), resourceIds(restored)];
  // What is no resource any more may still be mentioned.
  const missing = new Set([...wanted].filter((id) => !found.has(id) || (were.has(id) && !are.has(id))));
  const fresh = new Set([...found].filter((id) => !wanted.has(id)));
  const paired = new Map<string, string>();
  for (let progress = true; progress; ) {
    const candidates = signatures(
      fresh,
      now.map((text) => rename(text, paired)),
      fresh,
    );
    progress = false;
    for (const [signature, id] of signatures(missing, old, missing)) {
      const match = candidates.get(signature);
      if (match === undefined) continue;
      paired.set(match, id);
      missing.delete(id);
      fresh.delete(match);
      progress = true;
      // Each pair makes the others' surroundings clearer.
      break;
    }
  }
  for (const id of missing) {
    const alike = [...fresh].filter((one) => prefix(one) === prefix(id));
    const [only] = alike;
    if (only === undefined || alike.length > 1) continue;
    paired.set(only, id);
    fresh.delete(only);
  }
  return paired;
}

/** The same state in the words of before: ids renamed, and lists of ids in their order again. */
export function inOldIds(value: Json, renamed: Renamed): Json {
  return sorted(JSON.parse(rename(JSON.stringify(value), renamed)) as Json);
}

export function rename(text: string, renamed: Renamed): string {
  return text.replaceAll(ID, (id) => renamed.get(id) ?? id);
}

export function sorted(value: Json): Json {
  if (Array.isArray(value)) {
    const isIds = value.every((item) => typeof item === 'string' && item.replace(ID, '') === '');
    return isIds ? [...value].sort() : value.map(sorted);
  }
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, sorted(inner)]));
}

/** Where an id stands, with every id masked that has no partner yet; two that stand alike are as good as each other. */
function signatures(ids: ReadonlySet<string>, texts: readonly string[], open: ReadonlySet<string>): Map<string, string> {
  return new Map(
    [...ids].map((id) => {
      const places = texts.filter((text) => text.includes(id));
      const masked = places.map((text) => text.replaceAll(ID, (one) => (one === id ? '@' : open.has(one) ? `${prefix(one)}?` : one)));
      return [`${prefix(id)} ${masked.map(canonical).sort().join('\n')}`, id];
    }),
  );
}

/** Creation times differ, and so does the order of keys that are ids. */
function canonical(text: string): string {
  return [...text.replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'time')].sort().join('');
}

function prefix(id: string): string {
  return id.includes('-') ? id.slice(0, id.lastIndexOf('-')) : id.slice(0, 4);
}

function textsOf(documents: Documents): string[] {
  return [...documents.values()].map(({ ref, config }) => `${ref.kind} ${ref.id} ${JSON.stringify(config)}`);
}

function resourceIds(documents: Documents): Set<string> {
  return new Set([...documents.values()].map(({ ref }) => ref.id));
}

function idsIn(texts: readonly string[]): Set<string> {
  return new Set(texts.flatMap((text) => text.match(ID) ?? []));
}
