/** Reads many hosts over ssh at once; what befalls one is a gap of that one. */
import { type CollectContext, DrifttrailError, type ProbeContext, type Resource } from 'drifttrail';
import { placeOf, readFleet, refuseTwice, settingsOf } from '../../_ssh/fleet.ts';
import { type Discovery, ec2Hosts } from '../inventory/ec2.ts';
import { loadInventory } from '../inventory/load.ts';
import { type HostOptions, type RemoteHost, remoteHost } from '../options.ts';
import { type Host, readHost } from './host.ts';

type Context = CollectContext<HostOptions>;

export async function* collectFleet(context: Context): AsyncGenerator<Resource> {
  const hosts = await hostsOf(context, {
    leftOut: context.progress,
    // Which hosts are missing nobody knows: what is known of them stays, and those that were found are written.
    refused: ({ reason, detail }) => context.gap({ scope: 'hosts', reason, detail, partial: true }),
  });
  const { concurrency, deadline, ssh } = context.options;
  const settings = settingsOf(context.dir, ssh);
  yield* readFleet(context, hosts, concurrency, (host, signal) => readHost({ ...context, signal }, host, settings, deadline));
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
  refuseTwice(listed);
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
