/** Two Windows machines made alike: their names, SIDs, addresses and ids are not told, what was changed on one of them is. */
import { describe, expect, it } from 'vitest';
import exporter from '../../../exporters/windows/index.ts';
import { compareSides } from '../../../src/compare/compare.ts';
import { outliersOf } from '../../../src/compare/difference.ts';
import type { Side } from '../../../src/compare/documents.ts';
import { parse } from '../../../src/normalize/normalize.ts';
import { createLayout } from '../../../src/store/layout.ts';
import { filesOf } from '../../../src/testing.ts';
import { first, player, snapshot } from './play.ts';

const layout = createLayout([exporter]);
const recording = new URL('calls/', first).pathname;

const base64 = (text: string) => Buffer.from(text).toString('base64');
const row = (section: string, values: object) => ({ section, row: values });
const registry = (key: string, name: string, value: string | readonly string[]) =>
  row('registry', { key, name, type: typeof value === 'string' ? 'String' : 'MultiString', value });
const INTERFACES = 'HKLM\\SYSTEM\\CurrentControlSet\\Services\\Tcpip\\Parameters\\Interfaces';

/** What a machine has beside what stands in the recording. */
function more(number: number): object[] {
  const [name, address] = [`WIN0${number}`, `10.0.0.${10 + number}`];
  const adapter = `${INTERFACES}\\{7d3c000${number}-0000-4000-8000-00000000000${number}}`;
  const rule = (id: string, from: string) => ({
    ...{
      name: id,
      displayName: 'Shop',
      direction: 'Inbound',
      action: 'Allow',
      profiles: 'Any',
      protocol: 'TCP',
      localPorts: ['8081'],
      from,
    },
    ...{ remotePorts: ['Any'], localAddresses: [address], remoteAddresses: ['Any'], program: 'Any', service: 'Any' },
  });
  const site = `<configuration><site name="x"><binding bindingInformation="${address}:443:shop" /></site></configuration>`;
  return [
    registry('HKLM\\SOFTWARE\\Microsoft\\Cryptography', 'MachineGuid', `4f2e000${number}-1111-4222-8333-444455556666`),
    registry(adapter, 'IPAddress', [address, 'fe80::1']),
    registry(adapter, 'NetworkAddress', `0050569A000${number}`),
    registry(adapter, 'DefaultGateway', ['10.0.0.1']),
    registry('HKLM\\SOFTWARE\\Shop', 'Listen', `http://${address}:8081/${name.toLowerCase()}`),
    row('firewall-rule', rule(`{A1B2C3D4-0000-4000-8000-00000000010${number}}`, 'Local')),
    row('file', { path: 'C:\\Windows\\System32\\inetsrv\\config\\applicationHost.config', base64: base64(site) }),
    row('file', {
      path: 'C:\\Windows\\System32\\drivers\\etc\\hosts',
      base64: base64(`127.0.0.1 localhost\r\n${address}\twin0${number} win0${number}.corp.example.com\r\n10.0.0.9 db\r\n`),
    }),
  ];
}

const MACHINE_SID = '1004336348-1177238915-682003330';

/** The recording with another machine's name, SID and users' numbers, and `edit` made to it. */
async function side(number: number, edit: (answer: string) => string = (answer) => answer): Promise<Side> {
  const change = (text: string) => {
    const mark = text.slice(0, text.indexOf(' '));
    const lines = text
      .replaceAll('WIN01', `WIN0${number}`)
      .replaceAll(MACHINE_SID, `${number}004336348-1177238915-682003330`)
      .replaceAll('-1004"', `-100${3 + number}"`)
      .replaceAll('2026-05-11', `2026-05-1${number}`)
      .trimEnd()
      .split('\n')
      .filter((line) => !line.includes('applicationHost.config'))
      .map(
        (line) =>
          JSON.parse(line.slice(mark.length + 1)) as { section?: string; row?: object; rows?: number; end?: number; begin?: number },
      );
    const told = [...lines.filter(({ row: one, begin }) => one !== undefined || begin !== undefined), ...more(number)];
    const sections = [...new Set(lines.flatMap(({ section }) => section ?? []))];
    const counted = sections.map((section) => ({
      section,
      rows: told.filter((one) => 'section' in one && one.section === section).length,
    }));
    const all = [...told, ...counted];
    return edit([...all, { end: all.length }].map((line) => `${mark} ${JSON.stringify(line)}\n`).join(''));
  };
  const spawn = player(recording, { change });
  const named: typeof spawn = (command, args, options) =>
    spawn(
      command,
      args.map((arg) => (arg === `win0${number}` ? 'win01' : arg)),
      options,
    );
  const { resources, gaps } = await snapshot(named, { hosts: [`win0${number}`] });
  expect(gaps).toEqual([]);
  const documents = [...filesOf(exporter, resources)].flatMap(([path, bytes]) => {
    const ref = layout.refOf(path);
    return ref === undefined ? [] : [{ path, ref, config: parse(Buffer.from(bytes), layout.kindOf(ref.kind) ?? { format: 'text' }) }];
  });
  return { name: `win0${number}`, scope: `hosts/win0${number}`, at: undefined, time: '2026-11-22T00:00:00Z', documents, gaps: [] };
}

const told = (sides: readonly Side[]) =>
  compareSides(sides, { kinds: exporter.kinds }).differences.flatMap(({ id, places }) =>
    places.map((place) => `${id} ${place.path} ${outliersOf(place).join(' ')}`),
  );

describe('windows machines', () => {
  it('that differ only in what is their own do not differ', async () => {
    const sides = await Promise.all([1, 2, 3].map((number) => side(number)));
    expect(told(sides)).toEqual([]);
    expect(told(sides.slice(0, 2))).toEqual([]);
  });

  it('differ in what was changed, in whatever is named after a machine too', async () => {
    const all = await Promise.all([
      side(1),
      side(2),
      side(3, (answer) =>
        answer
          .replace('"fDenyTSConnections","type":"DWord","value":"1"', '"fDenyTSConnections","type":"DWord","value":"0"')
          .replace('"value":["10.0.0.1"]', '"value":["10.0.0.254"]')
          .replace('"localPorts":["8081"]', '"localPorts":["8082"]')
          .replace('"enabled":false,"fullName":""', '"enabled":true,"fullName":""'),
      ),
    ]);
    expect(told(all)).toEqual([
      'firewall-rule /Shop (Inbound)/localPorts/0 win03',
      'registry /HKLM\\SYSTEM\\CurrentControlSet\\Control\\Terminal Server fDenyTSConnections/value win03',
      'registry /HKLM\\SYSTEM\\CurrentControlSet\\Services\\Tcpip\\Parameters\\Interfaces\\{‹adapter id 1›} DefaultGateway/value/0 win03',
      'user /Guest/enabled win03',
    ]);
  });
});
