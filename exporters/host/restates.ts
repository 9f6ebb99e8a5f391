/** Facts that are read from files say again what the file says: one edit by one person is one finding, not three. */
import { type Change, isObject, type Json, type Kind, type Ref, segmentsOf } from 'drifttrail';

type Restates = NonNullable<Kind['restates']>;

const file = (change: Change, id: string): Ref => ({ scope: change.ref.scope, kind: 'host.file', id });
const readFrom =
  (path: string): Restates =>
  (change) => [file(change, path)];

/** Of every member that was edited the file that it names; one that names none was not changed by a file. */
const byMember =
  (fileOf: (key: string, member: Json | undefined) => string | undefined): Restates =>
  (change) => {
    const files = keysOf(change).map((key) => fileOf(key, memberOf(change.after, key) ?? memberOf(change.before, key)));
    const known = files.filter((each) => each !== undefined);
    return known.length < files.length ? [] : [...new Set(known)].map((id) => file(change, id));
  };

const byItsFile = byMember((_, member) => (isObject(member) && typeof member.file === 'string' ? member.file : undefined));
const byItsKey = byMember((key) => key);
const byUnit = byMember((key) => `etc/systemd/system/${key}`);

/** When nothing else was edited. */
const onlyOf =
  (name: string, restates: Restates): Restates =>
  (change) =>
    change.edits.every(({ path }) => segmentsOf(path).at(-1) === name && segmentsOf(path).length === 2) ? restates(change) : [];

/**
 * A file's size and digest follow from its text, and with a new file come its mode and owner, and those of the directory that
 * was made for it; a change of these alone is news.
 */
const OWN = new Set(['mode', 'owner', 'group']);
const byItsFileUnlessOwn: Restates = (change) => {
  const isNews = ({ path }: Change['edits'][number]) => OWN.has(segmentsOf(path)[1] ?? '');
  if (change.edits.some(isNews)) return [];
  return keysOf(change).map((key) => {
    const member = memberOf(change.after, key) ?? memberOf(change.before, key);
    const isDirectory = isObject(member) && member.type === 'directory';
    return isDirectory ? { ...change.ref, id: key } : file(change, key);
  });
};

export const restates: Readonly<Record<string, Restates>> = {
  'host.user': readFrom('etc/passwd'),
  'host.password': readFrom('etc/shadow'),
  'host.group': readFrom('etc/group'),
  'host.resolver': readFrom('etc/resolv.conf'),
  'host.sudoers': byItsFile,
  'host.cron': byItsFile,
  'host.limit': byItsFile,
  'host.sysctl': byItsFile,
  'host.authorized-key': byItsFile,
  'host.ssh-host-key': byItsFile,
  'host.log-target': byItsFile,
  'host.certificate': byItsKey,
  'host.file-metadata': byItsFileUnlessOwn,
  'host.unit-file': byUnit,
  'host.service': onlyOf('needsReload', byUnit),
  'host.filesystem': onlyOf('readOnly', (change) => [{ scope: change.ref.scope, kind: 'host.mount', id: 'mount' }]),
};

function keysOf({ type, edits, before, after }: Change): string[] {
  if (type !== 'modified') return Object.keys(isObject(after) ? after : isObject(before) ? before : {});
  return [...new Set(edits.flatMap(({ path }) => segmentsOf(path).slice(0, 1)))];
}

function memberOf(config: Json | undefined, key: string): Json | undefined {
  return isObject(config) && Object.hasOwn(config, key) ? config[key] : undefined;
}
