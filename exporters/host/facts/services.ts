/** Which services run: those that stay up, those that failed, and those that should run and do not. */
import type { JsonObject } from 'drifttrail';
import type { Source } from '../source.ts';
import { asked, type Fact, keyed } from './fact.ts';
import { runsSystemd, withSystemd } from './unit-files.ts';

const SHOW = [
  'show',
  '--all',
  '--type=service',
  '--no-pager',
  '--property=Id,Type,LoadState,ActiveState,SubState,UnitFileState,NeedDaemonReload',
  '*.service',
];

export const services: Fact = {
  name: 'services',
  kind: 'host.service',
  title: 'service',
  read,
  ahead: withSystemd(asked('systemctl', SHOW)),
};

async function read(source: Source): Promise<JsonObject | undefined> {
  if (!runsSystemd(source)) return undefined;
  const printed = await source.run('systemctl', SHOW);
  return printed === undefined ? undefined : servicesOf(printed);
}

/** Instances that come and go with a login or a connection: `user@1000`, `sshd@3-10.0.0.5:22-10.0.0.9:51234`. */
const PASSING = /^(user@|user-runtime-dir@|session-|systemd-coredump@|run-)|@\d+-/;

/**
 * From blocks of `systemctl show`. A one-shot job that is not failed is left out: between two timer runs it is active,
 * inactive or not loaded at all, without anybody changing anything.
 */
export function servicesOf(printed: string): JsonObject {
  return keyed(
    printed.split(/\n\n+/).flatMap((block): [string, JsonObject][] => {
      const field = (name: string) => new RegExp(`^${name}=(.*)$`, 'm').exec(block)?.[1] ?? '';
      const id = field('Id');
      const state = stateOf(field('ActiveState'), field('SubState'));
      if (id === '' || PASSING.test(id) || field('LoadState') === 'not-found') return [];
      if (state !== 'failed' && field('Type') === 'oneshot') return [];
      const enabled = field('UnitFileState').startsWith('enabled');
      if (state === 'inactive' && !enabled) return [];
      const stale = field('NeedDaemonReload') === 'yes';
      return [[id, { state, enabled, ...(stale ? { needsReload: true } : {}) }]];
    }),
  );
}

/** On the way up counts as up and on the way down as down, but a service that systemd restarts again and again does not. */
function stateOf(active: string, sub: string): string {
  if (sub === 'auto-restart') return 'restarting';
  if (active === 'activating' || active === 'reloading') return 'active';
  return active === 'deactivating' ? 'inactive' : active;
}
