/** What the machine that drifttrail runs on knows of others: its own files, and the hosts of an inventory that nobody reads. */
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { describeError, type ProbeContext, requirePlain, type Sight, type Sighting } from 'drifttrail';
import { createSelection } from '../globs.ts';
import { loadInventory } from '../inventory/load.ts';
import type { HostOptions } from '../options.ts';
import { hostsOf } from '../remote/fleet.ts';
import { knownHosts } from './known-hosts.ts';
import { isOneMachine } from './names.ts';
import { dhcpdLeases, dnsmasqLeases, hostsFile, neighbours } from './tables.ts';

/** Read where they are there; who lists files of his own wants them. */
const USUAL = [
  '~/.ssh/known_hosts',
  '/etc/ssh/ssh_known_hosts',
  '/proc/net/arp',
  '/var/lib/misc/dnsmasq.leases',
  '/var/lib/dhcp/dhcpd.leases',
];

const FORMATS: readonly { readonly file: RegExp; readonly read: (text: string) => Sight[] }[] = [
  { file: /known_hosts/, read: knownHosts },
  { file: /(^|\/)arp$/, read: neighbours },
  { file: /dnsmasq.*\.leases$/, read: dnsmasqLeases },
  { file: /dhcpd.*\.leases$/, read: dhcpdLeases },
  { file: /(^|\/)hosts$/, read: hostsFile },
];

/** Nothing of an image: whoever reads one may be anywhere. */
export async function sightings(context: ProbeContext<HostOptions>): Promise<readonly Sighting[]> {
  const { options, dir } = context;
  if (options.root !== '/') return [];
  const listed = options.known?.files;
  const found = await Promise.all((listed ?? USUAL).map((file) => seenIn(placeOf(dir, file), listed === undefined)));
  const all = [...found.flat(), ...(await unlisted(context))];
  const { excludes } = createSelection([], options.known?.except ?? []);
  const fleet =
    options.hosts === undefined && options.inventory === undefined
      ? []
      : await hostsOf(context, { leftOut: () => undefined, refused: ({ detail }) => all.push(unread('EC2', detail)) });
  const itself = fleet.map(
    ({ name, address }): Sighting => ({ title: 'host', id: name, aliases: [address], itself: true, seenIn: 'drifttrail.yaml' }),
  );
  return [...itself, ...all.filter(({ id, aliases }) => isOneMachine(id) && ![id, ...aliases].some(excludes))];
}

async function seenIn(path: string, optional: boolean): Promise<Sighting[]> {
  const read = FORMATS.find(({ file }) => file.test(path))?.read;
  if (read === undefined) return inventoryHosts(path);
  let text: string;
  try {
    requirePlain(path);
    text = await readFile(path, 'utf8');
  } catch (error) {
    return optional && (error as NodeJS.ErrnoException).code === 'ENOENT' ? [] : [unread(path, describeError(error))];
  }
  return read(text).map((sight) => ({ ...sight, seenIn: path }));
}

/** Hosts that stand in the inventory, in groups that are not read. */
async function unlisted({ options, dir }: ProbeContext<HostOptions>): Promise<Sighting[]> {
  const { groups, file } = options.inventory ?? {};
  return groups === undefined || file === undefined ? [] : inventoryHosts(placeOf(dir, file));
}

async function inventoryHosts(path: string): Promise<Sighting[]> {
  try {
    const hosts = await loadInventory(path, undefined, () => undefined);
    return hosts.map(({ name, address }) => ({
      title: 'server',
      id: name,
      aliases: typeof address === 'string' ? [address] : [],
      seenIn: path,
    }));
  } catch (error) {
    return [unread(path, describeError(error))];
  }
}

/** What could not be looked at may name any machine: it stands in the list itself. */
function unread(path: string, why: string): Sighting {
  return { title: 'whoever stands in', id: path, aliases: [], seenIn: why };
}

function placeOf(dir: string, path: string): string {
  if (path.startsWith('~/')) return join(homedir(), path.slice(2));
  return isAbsolute(path) ? path : resolve(dir, path);
}
