/** What every Windows machine has of its own by nature: its names, addresses, SIDs and ids, as far as they were read. */
import { isObject, type Json, type JsonObject, type Own, type OwnToken, type Ref } from 'drifttrail';
import { hostsTokens, isOwnAddress } from '../_shared/own.ts';

type Told = { readonly ref: Ref; readonly config: Json };

/** A SID that one machine or domain gave: the last number tells the account. */
const SID = /\bS-1-5-21(?:-\d+){3}-(\d+)\b/;
const GUID = /\{[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\}/i;
/** Keys of network adapters end in an id that each machine gave them. */
const ADAPTER = /\\Interfaces\\\{([0-9a-f-]{36})\}/i;
const ADDRESS = /(?<![\w.:])(?:\d{1,3}(?:\.\d{1,3}){3}|(?:[0-9a-f]{1,4}:){2,7}[0-9a-f]{0,4}(?::[0-9a-f]{1,4})*)(?![\w./])/gi;
/** Numbers below are the same accounts on every machine, whatever they are called. */
const FIRST_FREE_RID = 1000;

/** Where a file says an address of the machine itself. */
const BOUND: Readonly<Record<string, RegExp>> = {
  'applicationhost.config': /(?<=\bbindingInformation=")[^":]+(?=:\d)|(?<=\bbindingInformation="\[)[^\]"]+/gi,
  sshd_config: /(?<=^\s*ListenAddress\s+)[^\s:]+/gim,
};

/** Values of the registry by their names, whichever key of them is listed. */
const VALUES: readonly (Pick<OwnToken, 'what' | 'numbered'> & { readonly name: RegExp })[] = [
  { name: /^(NV )?Hostname$|^ComputerName$|^ActiveComputerName$/i, what: 'host name' },
  { name: /^(Dhcp)?IPAddress$/i, what: 'address', numbered: true },
  { name: /^(NetworkAddress|PermanentAddress)$/i, what: 'MAC', numbered: true },
  { name: /^MachineGuid$/i, what: 'machine GUID' },
  { name: /^MachineId$/i, what: 'machine id' },
  { name: /^SusClientId$/i, what: 'update client id' },
  { name: /^ProductId$/i, what: 'product id' },
];

export function ownOf(word: string): Own | undefined {
  return OWN[word];
}

const OWN: Readonly<Record<string, Own>> = {
  os: { tokens: ({ config }) => (isObject(config) ? namesOf(config) : []) },
  user: { tokens: ({ config }) => members(config).flatMap((user) => sidToken(user.sid, user.name)), natural: () => ['/*/passwordSet'] },
  'group-member': { tokens: ({ config }) => members(config).flatMap((member) => sidToken(member.groupSid, member.group)) },
  registry: {
    tokens: ({ config }) => members(config).flatMap(valueTokens),
    natural: () => ['InstallDate', 'InstallTime', 'DigitalProductId', 'DigitalProductId4'].map((name) => `/${CURRENT} ${name}`),
  },
  file: { tokens: fileTokens },
  'firewall-rule': {
    tokens: ({ config }) => numbered(members(config).flatMap(({ localAddresses }) => texts(localAddresses))),
    alike: alikeRules,
  },
  task: { alike: alikeTasks },
};

const CURRENT = 'HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion';

function members(config: Json): JsonObject[] {
  return isObject(config) ? Object.values(config).filter(isObject) : [];
}

function texts(value: Json | undefined): string[] {
  if (typeof value === 'string') return [value];
  return Array.isArray(value) ? (value as readonly Json[]).filter((item) => typeof item === 'string') : [];
}

/** To Windows capitals mean nothing, and every program spells the name in its way. */
function spellings(token: string, what: string): OwnToken[] {
  return [...new Set([token, token.toUpperCase(), token.toLowerCase()])].map((one) => ({ token: one, what }));
}

function namesOf({ computer, domain, joined }: JsonObject): OwnToken[] {
  if (typeof computer !== 'string') return [];
  const full = joined === true && typeof domain === 'string' ? spellings(`${computer}.${domain}`, 'full name') : [];
  return [...spellings(computer, 'host name'), ...full];
}

/** Of a domain they are the same on all its machines; who else has it, `learnOwn` finds out. */
function sidToken(sid: Json | undefined, name: Json | undefined): OwnToken[] {
  if (typeof sid !== 'string' || typeof name !== 'string') return [];
  const rid = Number(SID.exec(sid)?.[1] ?? Number.NaN);
  if (Number.isNaN(rid)) return [];
  return [{ token: sid, what: `SID of ${rid < FIRST_FREE_RID ? `account ${rid}` : name}` }];
}

function valueTokens({ key, name, value }: JsonObject): OwnToken[] {
  const adapter = typeof key === 'string' ? ADAPTER.exec(key)?.[1] : undefined;
  const adapters = adapter === undefined ? [] : [{ token: adapter, what: 'adapter id', numbered: true }];
  const source = typeof name === 'string' ? VALUES.find((one) => one.name.test(name)) : undefined;
  if (source === undefined) return adapters;
  const { what, numbered: isNumbered } = source;
  const own = texts(value).filter(isOwnAddress);
  const tokens = own.flatMap((token) => (isNumbered === true ? [{ token, what, numbered: true }] : spellings(token, what)));
  return [...adapters, ...tokens];
}

function fileTokens({ ref, config }: Told): OwnToken[] {
  if (typeof config !== 'string') return [];
  const machine = ref.scope.slice(ref.scope.lastIndexOf('/') + 1);
  if (/\/drivers\/etc\/hosts$/.test(ref.id)) return hostsTokens(config.replaceAll('\r', ''), machine);
  const bound = BOUND[ref.id.slice(ref.id.lastIndexOf('/') + 1)];
  return bound === undefined ? [] : numbered([...config.matchAll(bound)].map(([address]) => address));
}

function numbered(places: readonly string[]): OwnToken[] {
  const own = places.flatMap((place) => place.match(ADDRESS) ?? []).filter(isOwnAddress);
  return [...new Set(own)].map((token) => ({ token, what: 'address', numbered: true }));
}

/** A rule made by hand has a name by chance, one of a policy the same everywhere. */
function alikeRules({ config }: Told): Json {
  return renamedMembers(config, (key, { displayName, direction, from }) =>
    GUID.test(key) && from !== 'GroupPolicy' ? `${String(displayName)} (${String(direction)})` : key,
  );
}

/** Tasks that programs make for each user have that one's SID in their names, or an id by chance. */
function alikeTasks({ config }: Told): Json {
  return renamedMembers(config, (key) => key.replace(SID, '‹SID›').replace(GUID, '‹id›'));
}

/** Each under the new name, in the field that has the old one too; several of a name are counted. */
function renamedMembers(config: Json, rename: (key: string, member: JsonObject) => string): Json {
  if (!isObject(config)) return config;
  const taken = new Map<string, Json>();
  for (const [key, member] of Object.entries(config)) {
    const renamed = isObject(member) ? rename(key, member) : key;
    let free = renamed;
    for (let number = 2; taken.has(free); number++) free = `${renamed} #${number}`;
    const inside =
      isObject(member) && renamed !== key
        ? Object.entries(member).map(([name, value]) => [name, value === key ? renamed : value])
        : undefined;
    taken.set(free, inside === undefined ? member : Object.fromEntries(inside));
  }
  return Object.fromEntries(taken);
}
