/** What a host's snapshot tells of other machines, and by which names and addresses it can be known itself. */
import { isObject, type Json, type Kind, type OwnToken, type Ref, type Sight } from 'drifttrail';
import { ownOf } from '../own.ts';
import { knownHosts } from './known-hosts.ts';
import { isOneMachine } from './names.ts';
import { dhcpdLeases, dnsmasqLeases, hostsFile } from './tables.ts';

type Read = (text: string) => Sight[];

const OTHERS: readonly { readonly file: RegExp; readonly read: Read }[] = [
  { file: /^(etc\/ssh\/ssh_known_hosts2?|.+\/\.ssh\/known_hosts2?)$/, read: knownHosts },
  { file: /^etc\/hosts$/, read: hostsFile },
  { file: /(^|\/)dnsmasq\.leases$/, read: dnsmasqLeases },
  { file: /(^|\/)dhcpd\.leases$/, read: dhcpdLeases },
];

/** Files that say what the host itself is called. */
const ITSELF =
  /^etc\/(hostname|mailname|hosts|network\/interfaces(\.d\/.+)?|netplan\/.+|systemd\/network\/.+|sysconfig\/network-scripts\/ifcfg-.+)$/;
const IS_NAME: ReadonlySet<OwnToken['what']> = new Set(['host name', 'full name', 'mail name', 'address', 'instance id']);

const own = (ref: Ref, aliases: readonly string[]): Sight[] =>
  aliases.length === 0 ? [] : [{ title: 'host', id: ref.scope.slice(ref.scope.lastIndexOf('/') + 1), aliases, itself: true }];

function files(config: Json, ref: Ref): Sight[] {
  if (typeof config !== 'string') return [];
  const told = ITSELF.test(ref.id) ? (ownOf('host.file')?.tokens?.({ ref, config }) ?? []) : [];
  const itself = own(
    ref,
    told.filter(({ what }) => IS_NAME.has(what)).map(({ token }) => token),
  );
  return [...itself, ...OTHERS.filter(({ file }) => file.test(ref.id)).flatMap(({ read }) => read(config))];
}

const texts = (config: Json, field: string): string[] =>
  isObject(config)
    ? Object.values(config).flatMap((entry) => (isObject(entry) && typeof entry[field] === 'string' ? [entry[field] as string] : []))
    : [];

export const sightsOf: Readonly<Record<string, Pick<Kind, 'sights' | 'sightedIn'>>> = {
  'host.file': { sights: files, sightedIn: ({ id }) => ITSELF.test(id) || OTHERS.some(({ file }) => file.test(id)) },
  'host.socket': {
    sights: (config, ref) =>
      own(
        ref,
        texts(config, 'address').filter((address) => address !== '*' && isOneMachine(address)),
      ),
  },
  'host.ssh-host-key': { sights: (config, ref) => own(ref, texts(config, 'fingerprint')) },
};
