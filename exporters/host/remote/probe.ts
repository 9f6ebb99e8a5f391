/** Whether each host lets us in, and as whom: what `doctor` tells. */
import { randomBytes } from 'node:crypto';
import { describeError, type Probe, type ProbeContext } from 'drifttrail';
import pLimit from 'p-limit';
import type { HostOptions } from '../options.ts';
import { settingsOf } from '../../_ssh/fleet.ts';
import { hostsOf } from './fleet.ts';
import { commandOf, type Host } from './host.ts';
import { lastLine, overSsh, Refused, type SshSettings } from '../../_ssh/ssh.ts';

/** Seconds; a person waits. */
const PATIENCE = 15;

export async function probeFleet(context: ProbeContext<HostOptions>): Promise<readonly Probe[]> {
  if (context.options.hosts === undefined && context.options.inventory === undefined) return [];
  const atOnce = pLimit(context.options.concurrency);
  const left: Probe[] = [];
  const hosts = await hostsOf(context, {
    leftOut: (text) => left.push({ system: 'inventory', ok: true, detail: text }),
    refused: ({ detail }) => left.push({ system: 'inventory', ok: false, detail }),
  });
  const settings = settingsOf(context.dir, context.options.ssh);
  return [...left, ...(await Promise.all(hosts.map((host) => atOnce(() => probeHost(context, host, settings)))))];
}

async function probeHost(context: ProbeContext<HostOptions>, host: Host, settings: SshSettings): Promise<Probe> {
  const mark = randomBytes(16).toString('hex');
  const input = Buffer.from(`printf '%s %s %s\\n' ${mark} "$(id -un)" "$(uname -sr)"\n`);
  const deadline = Math.min(PATIENCE, context.options.deadline);
  const until = context.now().getTime() + deadline * 1000;
  try {
    const { stdout, stderr } = await overSsh(context, host, settings, { command: commandOf(host), input, until, deadline });
    const [, user, system] = new RegExp(`${mark} (\\S+) (.*)`).exec(stdout.toString('utf8')) ?? [];
    if (user === undefined) return { system: host.name, ok: false, detail: `its shell did not answer: ${lastLine(stderr)}` };
    const limits = user === 'root' ? '' : '; what only root may read will be a gap (sudo: true)';
    return { system: host.name, ok: true, detail: `${user} on ${lastLine(system ?? '')}${limits}` };
  } catch (error) {
    if (context.signal.aborted) throw error;
    return { system: host.name, ok: false, detail: error instanceof Refused ? error.message : describeError(error) };
  }
}
