/** Reads Windows machines over OpenSSH: what runs, who can log in, what can be reached, registry keys and files. */
import { type CollectContext, describeError, type Exporter, type Probe, type ProbeContext, type Resource } from 'drifttrail';
import pLimit from 'p-limit';
import { readFleet, placeOf, refuseTwice, settingsOf } from '../_ssh/fleet.ts';
import { Refused } from '../_ssh/ssh.ts';
import { askHost, type Host, readHost } from './host.ts';
import { kinds } from './kinds.ts';
import { options, type WindowsOptions } from './options.ts';

const exporter: Exporter<WindowsOptions> = {
  name: 'windows',
  summary: 'services, accounts, tasks, registry, files and firewall of Windows machines over ssh',
  options,
  scopes: { root: 'hosts', depth: 2 },
  kinds,
  rules: new URL('./rules/', import.meta.url),
  permissions: ['a log-in by key to the OpenSSH server of Windows, member of the local group Administrators'],
  probe,
  collect,
};
export default exporter;

async function* collect(context: CollectContext<WindowsOptions>): AsyncGenerator<Resource> {
  const settings = settingsOf(context.dir, context.options.ssh);
  yield* readFleet(context, hostsOf(context), context.options.concurrency, (host, signal) =>
    readHost({ ...context, signal }, host, settings, context.options),
  );
}

/** Throws DrifttrailError. */
function hostsOf({ dir, options: { hosts } }: Pick<ProbeContext<WindowsOptions>, 'dir' | 'options'>): Host[] {
  refuseTwice(hosts);
  return hosts.map(({ name, address = name, identity, ...login }) => ({
    ...login,
    name,
    address,
    identity: identity === undefined ? undefined : placeOf(dir, identity),
  }));
}

/** Seconds; a person waits, and PowerShell takes its time to start. */
const PATIENCE = 30;

async function probe(context: ProbeContext<WindowsOptions>): Promise<readonly Probe[]> {
  const atOnce = pLimit(context.options.concurrency);
  return await Promise.all(hostsOf(context).map((host) => atOnce(() => probeHost(context, host))));
}

async function probeHost(context: ProbeContext<WindowsOptions>, host: Host): Promise<Probe> {
  const deadline = Math.min(PATIENCE, context.options.deadline);
  try {
    const { user, administrator } = await askHost(context, host, settingsOf(context.dir, context.options.ssh), {
      ...context.options,
      sections: [],
      deadline,
    });
    const limits = administrator ? '' : '; not an administrator: what only they may read will be a gap';
    return { system: host.name, ok: true, detail: `${user}${limits}` };
  } catch (error) {
    if (context.signal.aborted) throw error;
    return { system: host.name, ok: false, detail: error instanceof Refused ? error.message : describeError(error) };
  }
}
