/** What every host has of its own by nature: its names, addresses, ids and keys. */
import { isObject, type Json, type Own, type OwnToken, type Ref } from 'drifttrail';
import { hostsTokens, isOwnAddress } from '../_shared/own.ts';
import { alikeCron, alikeFile, alikeMetadata } from './own-alike.ts';

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi;
const MAC = /(?<![0-9a-f:])(?:[0-9a-f]{2}:){5}[0-9a-f]{2}(?![0-9a-f:])/gi;
const IPV4 = String.raw`\d{1,3}(?:\.\d{1,3}){3}`;
const IPV6 = '[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7}';

interface Source {
  readonly file: RegExp;
  readonly what: string;
  readonly find: RegExp;
  /** Of a token that is one of several. */
  readonly numbered?: true;
}

const INTERFACES =
  /^etc\/(network\/interfaces(\.d\/.+)?|netplan\/.+|sysconfig\/network-scripts\/ifcfg-.+|systemd\/network\/.+|NetworkManager\/system-connections\/.+)$/;
const DISKS =
  /^etc\/(fstab|crypttab|default\/grub|initramfs-tools\/conf\.d\/resume|mdadm\/mdadm\.conf|mdadm\.conf|lvm\/.+|kernel\/cmdline)$/;

const CLOUD = /^(etc\/cloud\/.+|etc\/hosts|var\/lib\/cloud\/.+)$/;

/** An interface's own address has a prefix length, unlike those of its gateways and name servers, or a word before it. */
const SOURCES: readonly Source[] = [
  { file: /^etc\/hostname$/, what: 'host name', find: /^[^\s#]+/gm },
  { file: /^etc\/mailname$/, what: 'mail name', find: /^[^\s#]+/gm },
  { file: /^(etc\/machine-id|var\/lib\/dbus\/machine-id)$/, what: 'machine id', find: /[0-9a-f]{32}/g },
  { file: /^etc\/iscsi\/initiatorname\.iscsi$/, what: 'initiator name', find: /(?<=^InitiatorName=)\S+/gm },
  {
    file: INTERFACES,
    what: 'address',
    find: new RegExp(`(?<=\\baddress\\s+|\\bIPADDR\\d*=["']?)(?:${IPV4}|${IPV6})`, 'gi'),
    numbered: true,
  },
  { file: INTERFACES, what: 'address', find: new RegExp(`(?:${IPV4}|${IPV6})(?=/\\d{1,3}\\b)`, 'gi'), numbered: true },
  { file: INTERFACES, what: 'MAC', find: MAC, numbered: true },
  { file: INTERFACES, what: 'connection id', find: UUID, numbered: true },
  { file: /^etc\/udev\/rules\.d\/.+$/, what: 'MAC', find: MAC, numbered: true },
  { file: DISKS, what: 'disk id', find: UUID, numbered: true },
  { file: DISKS, what: 'volume id', find: /\b\w{6}(?:-\w{4}){5}-\w{6}\b/g, numbered: true },
  { file: CLOUD, what: 'instance id', find: /\bi-[0-9a-f]{8,17}\b|(?<=\binstance[-_]id["']?\s*[:=]\s*["']?)[\w.-]+/gi },
  { file: CLOUD, what: 'full name', find: /(?<=\b(?:local[-_]hostname|fqdn)["']?\s*[:=]\s*["']?)[\w.-]+/gi, numbered: true },
  { file: /^etc\/(salt\/minion_id|nvme\/host(id|nqn))$/, what: 'host id', find: /^[^\s#]+/gm, numbered: true },
  { file: /^etc\/popularity-contest\.conf$/, what: 'survey id', find: /(?<=^MY_HOSTID=["']?)\w+/gm },
  { file: /^etc\/(passwd|shadow|gshadow|mysql\/debian\.cnf)$/, what: 'password', find: /(?<=«)redacted:[^»]+/g },
];

/** Files that are nothing but a host's own key, id or lease. */
const WHOLE = new RegExp(
  `^(${[
    String.raw`etc/ssh/ssh_host_\w+_key(\.pub)?`,
    String.raw`.+/\.ssh/id_\w+(\.pub)?`,
    String.raw`etc/ssl/private/.+|etc/(letsencrypt|pki/tls/private)/.+\.(key|pem)|etc/ssl/certs/ssl-cert-snakeoil\.pem`,
    String.raw`etc/hostid|etc/krb5\.keytab|etc/salt/pki/.+|etc/puppetlabs/puppet/ssl/.+`,
    String.raw`var/lib/(dhcp|dhclient|dhcpcd|NetworkManager)/.+|run/systemd/netif/leases/.+|var/lib/misc/dnsmasq\.leases`,
  ].join('|')})$`,
);

const NATURAL: Readonly<Record<string, readonly string[]>> = {
  'host.password': ['/*/changed'],
  'host.ssh-host-key': ['/*/fingerprint'],
  'host.certificate': ['/*/fingerprint', '/*/until', '/*/left'],
  'host.filesystem': ['/*/full', '/*/inodesFull'],
  'host.disk': ['/**'],
  'host.cloud-init': ['/instance'],
};

export function ownOf(kind: string): Own | undefined {
  const paths = NATURAL[kind];
  if (kind === 'host.file') return { tokens: fileTokens, natural: ({ id }) => (WHOLE.test(id) ? ['/lines/*'] : []), alike: alikeFile };
  if (kind === 'host.file-metadata') return { alike: ({ config }) => alikeMetadata(config, (id) => WHOLE.test(id)) };
  if (kind === 'host.cron') return { alike: ({ config }) => alikeCron(config) };
  if (kind === 'host.socket') return { tokens: ({ config }) => socketTokens(config) };
  if (kind === 'host.os' || kind === 'host.mount')
    return { tokens: ({ config }) => matches(JSON.stringify(config), UUID, 'disk id', true) };
  return paths === undefined ? undefined : { natural: () => paths };
}

function fileTokens({ ref, config }: { readonly ref: Ref; readonly config: Json }): OwnToken[] {
  if (typeof config !== 'string') return [];
  if (ref.id === 'etc/hosts') return hostsTokens(config, ref.scope.slice(ref.scope.lastIndexOf('/') + 1));
  return SOURCES.filter(({ file }) => file.test(ref.id)).flatMap(({ what, find, numbered }) =>
    matches(config, find, what, numbered === true),
  );
}

function matches(text: string, find: RegExp, what: string, numbered: boolean): OwnToken[] {
  return [...text.matchAll(find)]
    .map(([token]) => token)
    .filter(isOwnAddress)
    .map((token) => ({ token, what, numbered }));
}

function socketTokens(config: Json): OwnToken[] {
  if (!isObject(config)) return [];
  const addresses = Object.values(config).flatMap((socket) =>
    isObject(socket) && typeof socket.address === 'string' ? [socket.address] : [],
  );
  return [...new Set(addresses)]
    .filter((token) => token !== '*' && isOwnAddress(token))
    .map((token) => ({ token, what: 'address', numbered: true }));
}
