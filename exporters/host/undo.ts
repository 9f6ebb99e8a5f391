/** Commands that bring facts back to the state before a change, to be run on that host by a person who has read them. */
import type { Json, JsonObject } from 'drifttrail';
import { note, quote } from '../_shell/words.ts';
import { type Member, membersOf, type Undo } from '../_shared/members.ts';

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
  'host.route': each(({ before, after }) => {
    const family = (before ?? after)?.family === 6 ? 'ip -6' : 'ip';
    return before === undefined ? [`${family} route del ${routeWords(after ?? {})}`] : [`${family} route replace ${routeWords(before)}`];
  }),
  'host.container': each(containerCommands),
  'host.mount': each(({ key, before, after }) => {
    if (before === undefined) return [`umount -- ${quote(key)}`];
    const options = quote(list(before.options).join(','));
    if (after === undefined)
      return [`mount -t ${quote(String(before.type))} -o ${options} -- ${quote(String(before.source))} ${quote(key)}`];
    return [`mount -o ${quote(`remount,${list(before.options).join(',')}`)} -- ${quote(key)}`];
  }),
};

/** How one that is gone was made is not all known: nobody makes another like it from this. */
function containerCommands({ key, before, after }: Member): string[] {
  const engine = String((before ?? after)?.engine);
  const name = quote(key.slice(engine.length + 1));
  if (engine === 'cri') return [];
  if (before === undefined) return [`${engine} stop ${name}`];
  if (after === undefined) return [note(`${key} ran ${String(before.image)}, make it again from where it is described`)];
  if (before.state === after.state) return [];
  return [`${engine} ${before.state === 'running' ? 'start' : 'stop'} ${name}`];
}

function routeWords({ to, gateway, device, metric }: JsonObject): string {
  const via = gateway === undefined ? '' : ` via ${quote(String(gateway))}`;
  return `${quote(String(to))}${via} dev ${quote(String(device))} metric ${quote(String(metric))}`;
}

function list(value: Json | undefined): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

function packageCommands({ key, before, after }: Member): string[] {
  const manager = (before ?? after)?.manager;
  const installed = before !== undefined && / installed$|^installed$/.test(String(before.status));
  if (manager === 'dpkg') {
    // Neither asks: the answer would be the next line that was pasted. Neither takes away what was not named.
    return [
      installed
        ? `apt-get install --yes --no-remove --allow-downgrades -- ${quote(`${key}=${before.version}`)}`
        : `dpkg --remove -- ${quote(key)}`,
    ];
  }
  if (manager === 'apk') return [installed ? `apk add -- ${quote(`${key}=${before.version}`)}` : `apk del -- ${quote(key)}`];
  if (manager !== 'rpm') return [];
  if (!installed) return [`rpm --erase -- ${quote(key)}`];
  const name = key.endsWith(`-${before.version}`) ? key.slice(0, -String(before.version).length - 1) : key;
  const wanted = quote(`${name}-${before.version}.${before.architecture}`);
  // Goes up or down to the version that is named.
  return [`dnf install --assumeyes -- ${wanted}`];
}

function userCommands({ key, before, after }: Member): string[] {
  const name = quote(key);
  if (before === undefined) {
    return [
      `usermod --lock --expiredate 1 -- ${name}`,
      note('locked, not deleted: what it owns stays to be looked at; userdel deletes it'),
    ];
  }
  const fields = [
    ['--uid', before.uid, after?.uid],
    ['--gid', before.gid, after?.gid],
    ['--home', before.home, after?.home],
    ['--shell', before.shell, after?.shell],
    ['--comment', before.gecos, after?.gecos],
  ] as const;
  const options = fields.flatMap(([flag, old, now]) => (old === undefined || old === now ? [] : [flag, quote(String(old))]));
  if (after === undefined) {
    return [
      `useradd --no-create-home ${options.join(' ')} -- ${name}`,
      note('its password and its home folder are not brought back by that'),
    ];
  }
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
