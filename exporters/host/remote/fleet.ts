/** Reads many hosts over ssh at once; what befalls one is a gap of that one. */
import { isAbsolute, resolve } from 'node:path';
import { type CollectContext, DrifttrailError, describeError, type ProbeContext, type Resource } from 'drifttrail';
import pLimit from 'p-limit';
import { gathered } from '../../_shared/channel.ts';
import { type Discovery, ec2Hosts } from '../inventory/ec2.ts';
import { loadInventory } from '../inventory/load.ts';
import { type HostOptions, type RemoteHost, remoteHost } from '../options.ts';
import { type Host, readHost } from './host.ts';
import { Refused, type SshSettings } from './ssh.ts';

type Context = CollectContext<HostOptions>;

export async function* collectFleet(context: Context): AsyncGenerator<Resource> {
  const hosts = await hostsOf(context, {
    leftOut: context.progress,
    // Which hosts are missing nobody knows: what is known of them stays, and those that were found are written.
    refused: ({ reason, detail }) => context.gap({ scope: 'hosts', reason, detail, partial: true }),
  });
  const settings = settingsOf(context);
  const atOnce = pLimit(context.options.concurrency);
  const stop = new AbortController();
  const inside = { ...context, signal: AbortSignal.any([context.signal, stop.signal]) };
  try {
    yield* gathered<Resource>((push) => Promise.all(hosts.map((host) => atOnce(async () => push(await readOne(inside, host, settings))))));
  } finally {
    stop.abort();
  }
}

/** Complete kinds are told only once everything of the host is in: a part of it is never taken for the whole. */
async function readOne(context: Context, host: Host, settings: SshSettings): Promise<readonly Resource[]> {
  const scope = `hosts/${host.name}`;
  context.signal.throwIfAborted();
  try {
    const { resources, kinds, gaps, identity } = await readHost(context, host, settings, context.options.deadline);
    if (identity !== undefined) context.identity(scope, identity);
    for (const gap of gaps) context.gap(gap);
    for (const kind of kinds) context.complete(scope, kind);
    return resources;
  } catch (error) {
    if (context.signal.aborted) throw error;
    if (error instanceof Refused) context.gap({ scope, reason: error.reason, detail: error.message });
    else context.gap({ scope, reason: 'invalid', detail: describeError(error) });
    return [];
  }
}

export function settingsOf({ dir, options }: Pick<Context, 'dir' | 'options'>): SshSettings {
  const { config, options: given } = options.ssh;
  return { options: given, config: config === undefined ? undefined : placeOf(dir, config) };
}

/** All hosts that the configuration and its inventory name. Throws DrifttrailError. */
export async function hostsOf(context: ProbeContext<HostOptions>, told: Discovery): Promise<Host[]> {
  const { dir, options } = context;
  const listed: RemoteHost[] = [...(options.hosts ?? [])];
  if (options.inventory !== undefined) {
    const { file, groups, ec2 } = options.inventory;
    const path = file === undefined ? 'of EC2' : placeOf(dir, file);
    const found = ec2 === undefined ? await loadInventory(path, groups, told.leftOut) : await ec2Hosts(ec2, context, told);
    for (const host of found) {
      const { success, data, error } = remoteHost.safeParse(host);
      if (!success) throw unusable(path, host.name, error.issues[0]);
      listed.push(data);
    }
  }
  const twice = listed.find(({ name }, index) => listed.findIndex((other) => other.name.toLowerCase() === name.toLowerCase()) !== index);
  if (twice !== undefined) {
    throw new DrifttrailError({
      code: 'hosts',
      message: `the host ${twice.name} is listed twice`,
      remedy: 'names stand for machines in the snapshots: give each its own, and set address where it differs',
    });
  }
  return listed.map(({ name, address = name, sudo = options.sudo, files = options.files, facts = options.facts, identity, ...login }) => ({
    ...login,
    name,
    address,
    sudo,
    identity: identity === undefined ? undefined : placeOf(dir, identity),
    options: { files, facts, maxContent: options.maxContent, maxHash: options.maxHash },
  }));
}

function unusable(
  path: string,
  name: string,
  issue: { readonly path: readonly PropertyKey[]; readonly message: string } | undefined,
): DrifttrailError {
  const where = issue?.path.join('.') ?? '';
  return new DrifttrailError({
    code: 'inventory',
    message: `inventory ${path}: ${JSON.stringify(name)} cannot be used: ${where === '' ? '' : `${where}: `}${issue?.message ?? 'unknown'}`,
    remedy: 'mend it there, or list the host under hosts',
  });
}

/** ssh itself knows what `~` is. */
function placeOf(dir: string, path: string): string {
  return isAbsolute(path) || path.startsWith('~/') ? path : resolve(dir, path);
}
