/** Commands that bring back the state before a change, to be run on that host by a person who has read them. */
import { createHash } from 'node:crypto';
import { type Change, isObject, type Json, type JsonObject, type UndoContext } from 'drifttrail';
import { folderOf } from './walk.ts';

type Undo = (change: Change, context: UndoContext) => readonly string[];

interface Member {
  readonly key: string;
  readonly before: JsonObject | undefined;
  readonly after: JsonObject | undefined;
}

const REDACTED = '«redacted:';

/** POSIX quoting; words that need none stay readable. */
export function quote(word: string): string {
  return /^[A-Za-z0-9_/.:=@%+,-]+$/.test(word) && !word.startsWith('-') ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/**
 * The bytes come from the snapshots repository (run in the deployment's folder), by the id git gives to just these bytes:
 * no commit needs to be named. Redacted text is shown as a difference and never written back.
 */
export const undoFile: Undo = (change, context) => {
  const path = quote(`/${change.ref.id}`);
  if (change.type === 'created') return [`rm -i -- ${path}`];
  if (typeof change.before !== 'string' || change.before.includes('\uFFFD')) return [];
  const blob = `git -C snapshots cat-file blob ${blobId(change.before)}`;
  if (change.before.includes(REDACTED)) return [`${blob} | diff -u - ${path}`];
  const metadata = context.before({ scope: change.ref.scope, kind: 'host.file-metadata', id: folderOf(change.ref.id) });
  const entry = isObject(metadata) ? metadata[change.ref.id] : undefined;
  const modes = change.type === 'deleted' && isObject(entry) ? modeCommands(change.ref.id, entry) : [];
  return [`${blob} > ${path}`, ...modes];
};

function blobId(text: string): string {
  const bytes = Buffer.from(text);
  return createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
}

function modeCommands(path: string, entry: JsonObject): string[] {
  const target = quote(`/${path}`);
  const owner = entry.owner === undefined ? [] : [`chown -h ${quote(`${entry.owner}:${entry.group}`)} -- ${target}`];
  return typeof entry.mode === 'string' ? [...owner, `chmod ${quote(entry.mode)} -- ${target}`] : owner;
}

/** Owner before mode: chown clears the set-user-ID bit. Content that is not kept cannot be restored. */
export const undoMetadata: Undo = (change) =>
  membersOf(change).flatMap(({ key, before, after }) => {
    if (before === undefined || after === undefined) return [];
    if (before.type === 'symlink' && typeof before.target === 'string' && before.target !== after.target) {
      return [`ln -sfn -- ${quote(before.target)} ${quote(`/${key}`)}`];
    }
    const same = before.mode === after.mode && before.owner === after.owner && before.group === after.group;
    return same ? [] : modeCommands(key, before);
  });

const each =
  (commands: (member: Member) => readonly string[]): Undo =>
  (change) =>
    membersOf(change).flatMap(commands);

export const undoFacts: Readonly<Record<string, Undo>> = {
  'host.package': each(packageCommands),
  'host.service': each(({ key, before }) => [`systemctl ${before?.state === 'active' ? 'start' : 'stop'} -- ${quote(key)}`]),
  'host.unit-file': each(({ key, before, after }) => {
    const state = before?.state;
    if (state === 'masked') return [`systemctl mask -- ${quote(key)}`];
    const unmask = after?.state === 'masked' ? [`systemctl unmask -- ${quote(key)}`] : [];
    return [...unmask, ...(state === 'enabled' || state === 'disabled' ? [`systemctl ${state.slice(0, -1)} -- ${quote(key)}`] : [])];
  }),
  'host.user': each(userCommands),
  'host.group': each(groupCommands),
  'host.sysctl': each(({ key, before, after }) =>
    typeof before?.effective === 'string' && before.effective !== after?.effective
      ? [`sysctl -w ${quote(`${key}=${before.effective}`)}`]
      : [],
  ),
  'host.kernel-module': each(({ key, before }) => [before === undefined ? `modprobe -r -- ${quote(key)}` : `modprobe -- ${quote(key)}`]),
  'host.mount': each(({ key, before, after }) => {
    if (before === undefined) return [`umount -- ${quote(key)}`];
    const options = quote(list(before.options).join(','));
    if (after === undefined)
      return [`mount -t ${quote(String(before.type))} -o ${options} -- ${quote(String(before.source))} ${quote(key)}`];
    return [`mount -o ${quote(`remount,${list(before.options).join(',')}`)} -- ${quote(key)}`];
  }),
};

/** The members of a collection that differ between before and after, in order of their keys. */
function membersOf({ before, after }: Pick<Change, 'before' | 'after'>): Member[] {
  const old = isObject(before) ? before : {};
  const now = isObject(after) ? after : {};
  return [...new Set([...Object.keys(old), ...Object.keys(now)])]
    .sort()
    .map((key) => ({ key, before: member(old, key), after: member(now, key) }))
    .filter((each) => JSON.stringify(each.before) !== JSON.stringify(each.after));
}

function member(document: JsonObject, key: string): JsonObject | undefined {
  const value = Object.hasOwn(document, key) ? document[key] : undefined;
  return isObject(value) ? value : undefined;
}

function list(value: Json | undefined): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

function packageCommands({ key, before, after }: Member): string[] {
  const manager = (before ?? after)?.manager;
  const installed = before !== undefined && / installed$|^installed$/.test(String(before.status));
  if (manager === 'dpkg') {
    return [installed ? `apt-get install --allow-downgrades -- ${quote(`${key}=${before.version}`)}` : `apt-get remove -- ${quote(key)}`];
  }
  if (manager === 'apk') return [installed ? `apk add -- ${quote(`${key}=${before.version}`)}` : `apk del -- ${quote(key)}`];
  if (manager !== 'rpm') return [];
  if (!installed) return [`dnf remove -- ${quote(key)}`];
  const name = key.endsWith(`-${before.version}`) ? key.slice(0, -String(before.version).length - 1) : key;
  const wanted = quote(`${name}-${before.version}.${before.architecture}`);
  return [after === undefined ? `dnf install -- ${wanted}` : `dnf downgrade -- ${wanted}`];
}

function userCommands({ key, before, after }: Member): string[] {
  const name = quote(key);
  if (before === undefined) return [`usermod --lock --expiredate 1 -- ${name}`];
  const fields = [
    ['--uid', before.uid, after?.uid],
    ['--gid', before.gid, after?.gid],
    ['--home', before.home, after?.home],
    ['--shell', before.shell, after?.shell],
    ['--comment', before.gecos, after?.gecos],
  ] as const;
  const options = fields.flatMap(([flag, old, now]) => (old === undefined || old === now ? [] : [flag, quote(String(old))]));
  if (after === undefined) return [`useradd --no-create-home ${options.join(' ')} -- ${name}`];
  return options.length === 0 ? [] : [`usermod ${options.join(' ')} -- ${name}`];
}

function groupCommands({ key, before, after }: Member): string[] {
  const group = quote(key);
  if (before === undefined) return [`groupdel -- ${group}`];
  const old = list(before.members);
  const now = list(after?.members);
  return [
    ...(after === undefined ? [`groupadd --gid ${quote(String(before.gid))} -- ${group}`] : []),
    ...now.filter((user) => !old.includes(user)).map((user) => `gpasswd --delete ${quote(user)} ${group}`),
    ...old.filter((user) => !now.includes(user)).map((user) => `gpasswd --add ${quote(user)} ${group}`),
  ];
}
