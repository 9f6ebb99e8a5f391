/** Reads a machine or a mounted image: its configuration files, their modes and owners, and facts about it. */
import { hostname } from 'node:os';
import { resolve } from 'node:path';
import { type CollectContext, DrifttrailError, type Exporter, type Resource } from 'drifttrail';
import { collectSource } from './collect.ts';
import { codeOf, type FileSystem, realFileSystem, Unreadable } from './filesystem.ts';
import { kinds } from './kinds.ts';
import { type HostOptions, hostOptions } from './options.ts';
import { collectFleet } from './remote/fleet.ts';
import { probeFleet } from './remote/probe.ts';
import { sightings } from './sights/live.ts';
import { createSource, type Source } from './source.ts';

export function createHostExporter(fs: FileSystem = realFileSystem): Exporter<HostOptions> {
  return {
    name: 'host',
    summary: 'files and facts of this machine, of another root directory, or of machines over ssh',
    options: hostOptions,
    scopes: { root: 'hosts', depth: 2 },
    kinds,
    rules: new URL('./rules/', import.meta.url),
    permissions: [
      'read access to the files of the set; root to see shadow, sudoers, crontabs, the packet filter and the processes behind sockets',
      'over ssh: a log-in by key, and for root: sudo -n /bin/sh -s',
      'with inventory.ec2: ec2:DescribeInstances, ec2:DescribeRegions, sts:GetCallerIdentity',
    ],
    probe: probeFleet,
    sightings,
    collect: (context) => collect(context, fs),
  };
}

export default createHostExporter();

async function* collect(context: CollectContext<HostOptions>, fs: FileSystem): AsyncGenerator<Resource> {
  const { options } = context;
  if (options.hosts !== undefined || options.inventory !== undefined) {
    yield* collectFleet(context);
    return;
  }
  const wanted = resolve(context.dir, options.root);
  const live = wanted === '/';
  const root = realRoot(fs, wanted);
  if (root instanceof Unreadable) {
    const name = options.name;
    if (name === undefined) throw noName(wanted, root.message);
    context.gap({ scope: `hosts/${name}`, reason: 'unreachable', detail: root.message });
    return;
  }
  const source = createSource(fs, root, live, context);
  const scope = `hosts/${options.name ?? nameOf(source, wanted)}`;
  yield* collectSource(context, source, scope);
}

/** The real path of the root, or why it cannot be the root of a host. */
function realRoot(fs: FileSystem, root: string): string | Unreadable {
  try {
    const real = fs.realpathSync(root);
    return fs.statSync(real).isDirectory() ? real : new Unreadable(root, 'is not a directory', 'invalid');
  } catch (error) {
    const code = codeOf(error);
    return new Unreadable(root, code === 'ENOENT' ? 'does not exist; is the image mounted?' : code);
  }
}

function nameOf(source: Source, root: string): string {
  const name = source.live
    ? hostname()
    : source
        .read('etc/hostname')
        ?.split('\n')
        .find((line) => line.trim() !== '' && !line.startsWith('#'))
        ?.trim();
  if (name !== undefined && /^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name)) return name;
  throw noName(root, 'it has no usable etc/hostname');
}

function noName(root: string, why: string): DrifttrailError {
  return new DrifttrailError({
    code: 'host-unnamed',
    message: `cannot tell the name of the host under ${root}: ${why}`,
    remedy: 'set name: on this exporter',
  });
}
