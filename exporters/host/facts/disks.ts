/** What disks say of their own health (SMART): passed or not, and what wears out or goes wrong, in steps. */
import { type Json, type JsonObject, valueAt } from 'drifttrail';
import { Unreadable } from '../filesystem.ts';
import type { Source } from '../source.ts';
import { type Fact, keyed } from './fact.ts';
import { reached } from './steps.ts';

const SCAN = ['--scan', '--json'];
const ASK = ['--json', '--info', '--health', '--attributes', '--device'];

export const disks: Fact = {
  name: 'disks',
  kind: 'host.disk',
  title: 'disk',
  read,
  ahead: `run smartctl ${SCAN.join(' ')}
if command -v smartctl >/dev/null 2>&1; then
  smartctl --scan 2>/dev/null | while read -r device flag type rest; do run smartctl ${ASK.join(' ')} "$type" "$device"; done
fi`,
};

/** smartctl(8), EXIT STATUS: a bit mask, whose first two bits say that nothing was learned. It prints JSON with any. */
const NOTHING_LEARNED = 3;

async function read(source: Source): Promise<JsonObject | undefined> {
  if (!source.live) return undefined;
  const scanned = await source.run('smartctl', SCAN);
  if (scanned === undefined) return undefined;
  const found: [string, JsonObject][] = [];
  for (const { name, type } of devicesIn(scanned)) {
    const printed = await source.run('smartctl', [...ASK, type, name], { accepts: (_, text) => text !== '' });
    if (printed !== undefined) found.push(healthOf(printed, name));
  }
  return keyed(found);
}

function devicesIn(scanned: string): { name: string; type: string }[] {
  return list(parsed(scanned), '/devices').flatMap((device) => {
    const [name, type] = [text(device, '/name'), text(device, '/type')];
    return name === undefined || type === undefined ? [] : [{ name, type }];
  });
}

/** Names of devices change places at a boot: a disk is called by its model and serial number. Throws Unreadable. */
export function healthOf(printed: string, device: string): [string, JsonObject] {
  const said = parsed(printed);
  if ((number(said, '/smartctl/exit_status') & NOTHING_LEARNED) !== 0) {
    const why = list(said, '/smartctl/messages').map((message) => text(message, '/string') ?? '');
    if (why.some((message) => /permission denied/i.test(message))) throw new Unreadable(device, 'EACCES');
    return [device, { available: false }];
  }
  const passed = valueAt(said, '/smart_status/passed');
  const name = [text(said, '/model_name') ?? text(said, '/scsi_model_name'), text(said, '/serial_number')].filter(
    (part) => part !== undefined,
  );
  return [
    name.length === 2 ? name.join(' ') : device,
    {
      available: true,
      ...(typeof passed === 'boolean' ? { passed } : {}),
      ...(text(said, '/firmware_version') === undefined ? {} : { firmware: text(said, '/firmware_version') ?? '' }),
      ...ataSteps(said),
      ...nvmeSteps(said),
    },
  ];
}

/** Raw counts that come before a failure. https://en.wikipedia.org/wiki/Self-Monitoring,_Analysis_and_Reporting_Technology lists them. */
const ATTRIBUTES: Readonly<Record<number, string>> = {
  5: 'reallocatedSectors',
  187: 'uncorrectableErrors',
  197: 'pendingSectors',
  198: 'offlineUncorrectable',
};
const COUNTS = [1000, 100, 10, 1];
const WEAR = [100, 90, 80];

function ataSteps(said: Json | undefined): JsonObject {
  return Object.fromEntries(
    list(said, '/ata_smart_attributes/table').flatMap((row) => {
      const name = ATTRIBUTES[number(row, '/id')];
      return name === undefined ? [] : [[name, reached(number(row, '/raw/value'), COUNTS)]];
    }),
  );
}

function nvmeSteps(said: Json | undefined): JsonObject {
  const log = valueAt(said, '/nvme_smart_health_information_log');
  if (log === undefined) return {};
  return {
    criticalWarning: number(log, '/critical_warning'),
    mediaErrors: reached(number(log, '/media_errors'), COUNTS),
    wear: reached(number(log, '/percentage_used'), WEAR),
    spareLow: number(log, '/available_spare') < number(log, '/available_spare_threshold'),
  };
}

function parsed(printed: string): Json {
  try {
    return JSON.parse(printed) as Json;
  } catch {
    throw new Unreadable('smartctl', 'printed no JSON; version 7 and newer do', 'invalid');
  }
}

function list(value: Json | undefined, path: string): readonly Json[] {
  const found = valueAt(value, path);
  return Array.isArray(found) ? found : [];
}

function text(value: Json | undefined, path: string): string | undefined {
  const found = valueAt(value, path);
  return typeof found === 'string' ? found : undefined;
}

function number(value: Json | undefined, path: string): number {
  const found = valueAt(value, path);
  return typeof found === 'number' ? found : 0;
}
