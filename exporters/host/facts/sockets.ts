/** What listens on the network, with the process behind it. Clients' ephemeral ports are left out. */
import type { JsonObject } from 'drifttrail';
import { isAbsent } from '../filesystem.ts';
import type { Source } from '../source.ts';
import type { Fact } from './fact.ts';
import { AMPLIFIERS, WEAKNESS_FILES, weaknessOf } from './amplifiers.ts';
import { addressOf, exposureOf, shown } from './socket-address.ts';

/** Of the descriptors of all processes the sockets alone, listed by one ls, and the programs of those that have any. */
const ahead = `texts ${WEAKNESS_FILES.map((file) => `/${file}`).join(' ')}
set -- proc/[0-9]*
field dproc +
for process; do field "\${process#proc/}"; done
field ''
folders=
for process; do
  if [ -r "$process/fd" ] && [ -x "$process/fd" ]; then field "d$process/fd" + ''; folders="$folders $process/fd"
  elif [ -d "$process" ]; then field "d$process/fd" '!Permission denied'
  else field "d$process/fd" -; fi
done
ls -ln proc/self/fd $folders 2>/dev/null | while IFS= read -r row; do
  case $row in
  proc/*:) folder=\${row%:} told= ;;
  *' -> socket:['*)
    name=\${row%% -> *}
    field "o$folder/\${name##* }" "\${row##* -> }"
    if [ -z "$told" ]; then look "\${folder%/fd}/exe"; told=1; fi ;;
  esac
done`;

export const sockets: Fact = { name: 'sockets', kind: 'host.socket', title: 'listening socket', read, ahead };

const TCP_LISTEN = '0A';
const UDP_UNCONNECTED = '07';

interface Listener {
  readonly protocol: 'tcp' | 'udp';
  readonly address: string;
  readonly port: number;
  readonly inode: string;
}

function read(source: Source): JsonObject | undefined {
  if (!source.live) return undefined;
  const [low, high] = (source.read('proc/sys/net/ipv4/ip_local_port_range') ?? '32768 60999').trim().split(/\s+/).map(Number);
  const listeners = (['tcp', 'tcp6', 'udp', 'udp6'] as const)
    .flatMap((table) => listenersOf(source.read(`proc/net/${table}`) ?? '', table))
    .filter((listener) => !isEphemeral(listener, low ?? 32768, high ?? 60999));
  const owners = processesOf(source, new Set(listeners.map(({ inode }) => inode)));
  const entries = new Map<string, Set<string>>();
  const facts = new Map<string, JsonObject>();
  for (const { protocol, address, port, inode } of listeners) {
    const key = `${protocol} ${shown(address)}:${port}`;
    const processes = entries.get(key) ?? new Set();
    for (const process of owners.get(inode) ?? []) processes.add(process);
    entries.set(key, processes);
    const amplifier = protocol === 'udp' ? AMPLIFIERS[port] : undefined;
    const weakness = amplifier === undefined ? undefined : weaknessOf(amplifier, source);
    facts.set(key, {
      protocol,
      address,
      port,
      exposure: exposureOf(address),
      ...(amplifier === undefined ? {} : { amplifier }),
      ...(weakness === undefined ? {} : { weakness }),
    });
  }
  return Object.fromEntries(
    [...facts].map(([key, fact]) => {
      const process = [...(entries.get(key) ?? [])].sort().join(', ');
      return [key, process === '' ? fact : { ...fact, process }];
    }),
  );
}

/**
 * A UDP socket on a port the kernel hands out waits for an answer to its own question; a TCP listener there that only
 * this machine reaches is a tool's helper (a test server, a language server) with another port at each start.
 */
function isEphemeral({ protocol, port, address }: Listener, low: number, high: number): boolean {
  return port >= low && port <= high && (protocol === 'udp' || exposureOf(address) === 'loopback');
}

/** proc_net_tcp(5): "sl local_address rem_address st … inode", numbers in hex. */
export function listenersOf(table: string, name: 'tcp' | 'tcp6' | 'udp' | 'udp6'): Listener[] {
  const protocol = name.startsWith('tcp') ? 'tcp' : 'udp';
  return table
    .split('\n')
    .slice(1)
    .flatMap((line): Listener[] => {
      const words = line.trim().split(/\s+/);
      const [address = '', port = ''] = (words[1] ?? '').split(':');
      const remotePort = (words[2] ?? '').split(':')[1];
      if (words[3] !== (protocol === 'tcp' ? TCP_LISTEN : UDP_UNCONNECTED) || remotePort !== '0000') return [];
      return [{ protocol, address: addressOf(address), port: Number.parseInt(port, 16), inode: words[9] ?? '' }];
    });
}

/** Program names by socket inode; of processes we may not look into, none. */
function processesOf(source: Source, inodes: ReadonlySet<string>): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const pid of source.list('proc').filter((name) => /^\d+$/.test(name))) {
    let program: string | undefined;
    for (const descriptor of namesIn(source, `/proc/${pid}/fd`)) {
      const inode = /^socket:\[(\d+)\]$/.exec(linkOf(source, `/proc/${pid}/fd/${descriptor}`) ?? '')?.[1];
      if (inode === undefined || !inodes.has(inode)) continue;
      program ??= programOf(source, pid);
      const programs = found.get(inode) ?? new Set();
      programs.add(program);
      found.set(inode, programs);
    }
  }
  return found;
}

/** The executable's name: unlike `comm` it is not a thread's and not the process's own to choose. */
function programOf(source: Source, pid: string): string {
  const executable = linkOf(source, `/proc/${pid}/exe`)?.replace(/ \(deleted\)$/, '');
  return executable === undefined
    ? (source.read(`proc/${pid}/comm`)?.trim() ?? 'unknown')
    : executable.slice(executable.lastIndexOf('/') + 1);
}

function namesIn(source: Source, folder: string): string[] {
  return mayFail(() => source.fs.readdirSync(folder)) ?? [];
}

function linkOf(source: Source, path: string): string | undefined {
  return mayFail(() => source.fs.readlinkSync(path));
}

/** Processes end while we look, and those of other users are closed to all but root. */
function mayFail<Value>(action: () => Value): Value | undefined {
  try {
    return action();
  } catch (error) {
    if (isAbsent(error) || ['EACCES', 'EPERM', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}
