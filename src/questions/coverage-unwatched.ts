/** What exists and nobody watches: things that a captured resource or a configured source mentions, and of which there is no snapshot. */
import type { Deployment } from '../deployment.ts';
import { kindNamed, type Sighting } from '../model.ts';

export interface Unwatched {
  readonly title: string;
  readonly id: string;
  /** Other names and addresses of it. */
  readonly aliases: readonly string[];
  /** Of the resource that mentions it; null for what the machine that drifttrail runs on knows. */
  readonly scope: string | null;
  /** The file that shows that it exists. */
  readonly seenIn: string;
}

interface Mention extends Sighting {
  readonly scope: string | null;
}

/**
 * A thing is watched when a host, or whatever else gives a scope its last name, is called by its id or by one of its
 * addresses and names, or says of itself that it has one of them. One that has several mentions is listed once.
 * Without `live`, the end of one's patience, only snapshots are asked: what this machine and its clouds know changes with no commit.
 */
export async function unwatched(deployment: Deployment, live?: AbortSignal): Promise<Unwatched[]> {
  const [recorded, known, { observations }] = await Promise.all([
    mentionsRecorded(deployment),
    live === undefined ? [] : mentionsLive(deployment, live),
    deployment.store.readObserved(),
  ]);
  const mentions = [...recorded, ...known];
  const own = mentions.filter(({ itself }) => itself === true).flatMap(({ id, aliases }) => [id, ...aliases]);
  const watched = new Set([...Object.keys(observations).map((scope) => scope.slice(scope.lastIndexOf('/') + 1)), ...own].flatMap(namesOf));
  const isWatched = ({ id, aliases, matches }: Mention) =>
    [id, ...aliases].some((name) => namesOf(name).some((one) => watched.has(one))) || (matches !== undefined && [...watched].some(matches));
  return together(mentions.filter(({ itself }) => itself !== true))
    .filter((group) => !group.some(isWatched))
    .map((group) => {
      const [{ title, id, scope, seenIn }] = group;
      const aliases = new Set(group.flatMap((one) => [one.id, ...one.aliases]));
      aliases.delete(id);
      return { title, id, aliases: [...aliases].sort(), scope, seenIn };
    });
}

/** Mentions in one place that share a name or an address are of one thing; elsewhere the same address may be another's. */
function together(mentions: readonly Mention[]): [Mention, ...Mention[]][] {
  const groups: [Mention, ...Mention[]][] = [];
  const byName = new Map<string, [Mention, ...Mention[]]>();
  for (const mention of mentions) {
    const place = mention.scope === null || mention.scope.startsWith('hosts/') ? 'hosts' : mention.scope;
    const keys = [mention.id, ...mention.aliases].map((name) => `${place} ${name.toLowerCase()}`);
    const known = keys.map((key) => byName.get(key)).find((group) => group !== undefined);
    const group: [Mention, ...Mention[]] = known ?? [mention];
    if (known === undefined) groups.push(group);
    else group.push(mention);
    for (const key of keys) if (!byName.has(key)) byName.set(key, group);
  }
  return groups;
}

async function mentionsRecorded({ store, layout, kinds }: Deployment): Promise<Mention[]> {
  const tip = await store.tip();
  const telling = [...(tip === null ? [] : await store.tree(tip))].flatMap(([path, blob]) => {
    const ref = layout.refOf(path);
    const kind = ref === undefined ? undefined : kindNamed(kinds, ref.kind);
    if (ref === undefined || kind?.sights === undefined || kind.sightedIn?.(ref) === false) return [];
    return [{ path, blob, ref, kind, sights: kind.sights }];
  });
  if (telling.length === 0) return [];
  const [{ parse }, blobs] = await Promise.all([import('../normalize/normalize.ts'), store.read(telling.map(({ blob }) => blob))]);
  return telling.flatMap(({ path, blob, ref, kind, sights }) => {
    const bytes = blobs.get(blob);
    return bytes === undefined ? [] : sights(parse(bytes, kind), ref).map((sight) => ({ ...sight, scope: ref.scope, seenIn: path }));
  });
}

async function mentionsLive({ exporters, dir, surroundings }: Deployment, signal: AbortSignal): Promise<Mention[]> {
  const found = await Promise.all(
    exporters.map(async ({ exporter, shape: options, unset }) =>
      // What cannot be asked for want of a secret is a gap of the snapshot.
      unset === undefined ? (exporter.sightings?.({ ...surroundings, dir, options, signal }) ?? []) : [],
    ),
  );
  return found.flat().map((sighting) => ({ ...sighting, scope: null }));
}

/** `ip-10-0-1-5.eu-west-1.compute.internal` is also `ip-10-0-1-5`; an address is nobody's short name. */
function namesOf(name: string): string[] {
  // A fingerprint is a name to the letter.
  if (name.startsWith('SHA256:')) return [name];
  const whole = name.toLowerCase();
  return /^[\d.]+$|:/.test(whole) || !whole.includes('.') ? [whole] : [whole, whole.slice(0, whole.indexOf('.'))];
}
