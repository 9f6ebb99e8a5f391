/** What dpkg and dnf say they did to packages, line by line. */
import { createHash } from 'node:crypto';
import type { Actor, AuditEvent, JsonObject } from 'drifttrail';
import { PACKAGE_LOG } from '../../../exporters/host/events/places.ts';
import { localTime } from './apt.ts';

export interface PackageAct {
  /** Milliseconds. */
  readonly time: number;
  readonly action: 'install' | 'upgrade' | 'remove' | 'purge';
  readonly request: JsonObject;
}

/** `2026-11-21 19:29:23 upgrade openssh-client:amd64 1:9.2p1-2 1:9.2p1-3`; other lines tell of steps in between. */
export function parseDpkgLine(line: string, zone: string): PackageAct | undefined {
  const found = /^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) (install|upgrade|remove|purge) (\S+?)(?::(\S+))? (\S+) (\S+)$/.exec(line);
  const time = localTime(found?.[1], zone);
  if (found === null || time === undefined) return undefined;
  const [, , action, name = '', architecture, before = '', after = ''] = found;
  return {
    time,
    action: action as PackageAct['action'],
    request: {
      manager: 'dpkg',
      package: name,
      ...(architecture === undefined ? {} : { architecture }),
      ...known('before', before),
      ...known('after', after),
    },
  };
}

const RPM_ACTIONS: Readonly<Record<string, PackageAct['action']>> = {
  Installed: 'install', Upgrade: 'upgrade', Downgrade: 'upgrade', Erase: 'remove', Removed: 'remove',
}; // biome-ignore format: a table

/** dnf.rpm.log: `2026-11-21T19:29:23+0000 SUBDEBUG Installed: nginx-1:1.20.1-14.el9.x86_64`. Upgraded names the old one. */
export function parseDnfLine(line: string): PackageAct | undefined {
  const [, at = '', word = '', rest = ''] = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:?\d\d) \w+ (\w+): (\S+)$/.exec(line) ?? [];
  const time = Date.parse(at.replace(/([+-]\d\d)(\d\d)$/, '$1:$2'));
  const action = RPM_ACTIONS[word];
  if (action === undefined || Number.isNaN(time)) return undefined;
  return { time, action, request: { manager: 'rpm', full: rest } };
}

export function packageEvent(act: PackageAct, host: string, actor: Actor, command: string | undefined): AuditEvent {
  const digest = createHash('sha256').update(JSON.stringify(act)).digest('hex').slice(0, 16);
  const time = new Date(act.time).toISOString();
  return {
    id: `linux-packages:${host}:${time}:${digest}`,
    time,
    source: 'linux-packages',
    name: act.action,
    account: host,
    region: PACKAGE_LOG,
    readOnly: false,
    actor,
    request: { ...act.request, ...(command === undefined ? {} : { command }) },
    response: null,
  };
}

function known(field: string, version: string): JsonObject {
  return version === '<none>' ? {} : { [field]: version };
}
