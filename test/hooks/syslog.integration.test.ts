/** A real rsyslogd takes what the syslog outlet sends, by UDP and by TCP with counted octets; a TLS server of ours takes the rest. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createServer } from 'node:tls';
import { afterAll, beforeAll, expect, it } from 'vitest';
import syslog from '../../hooks/syslog/index.ts';
import { findingOf, messageOf, nastiest } from '../notify/findings.ts';
import { freePort } from './ports.ts';
import { certificate, deliverTo, fileFolder, program, until } from './receivers.ts';

const dir = fileFolder();
const log = join(dir, 'log.jsonl');
let port: number;
let rsyslogd: ReturnType<typeof program>;

interface Line {
  readonly pri: string;
  readonly host: string;
  readonly app: string;
  readonly msgid: string;
  readonly sd: string;
  readonly msg: string;
}
const lines = () =>
  existsSync(log)
    ? readFileSync(log, 'utf8')
        .split('\n')
        // The last is empty, or not whole yet.
        .slice(0, -1)
        .map((line) => JSON.parse(line) as Line)
    : [];
const seen = (count: number) => until(() => (lines().length >= count ? lines() : undefined));

beforeAll(async () => {
  port = await freePort();
  const field = (name: string, property: string) =>
    `constant(value="\\"${name}\\":\\"") property(name="${property}" format="json") constant(value="\\"")`;
  const parts = [
    ['pri', 'pri'],
    ['host', 'hostname'],
    ['app', 'app-name'],
    ['msgid', 'msgid'],
    ['sd', 'structured-data'],
    ['msg', 'msg'],
  ];
  const config = `module(load="imudp")
module(load="imtcp")
global(workDirectory="${dir}" maxMessageSize="16k" parser.escapeControlCharactersOnReceive="off")
template(name="json" type="list") { constant(value="{") ${parts.map(([name = '', property = '']) => field(name, property)).join(' constant(value=",") ')} constant(value="}\\n") }
input(type="imudp" address="127.0.0.1" port="${port}")
input(type="imtcp" address="127.0.0.1" port="${port}")
action(type="omfile" file="${log}" template="json")
`;
  const file = join(dir, 'rsyslog.conf');
  writeFileSync(file, config);
  rsyslogd = program('rsyslogd', ['-n', '-f', file, '-i', join(dir, 'pid')]);
  // It listens when a first message arrives.
  for (let tries = 0; tries < 100 && lines().length === 0; tries++) {
    await deliverTo(syslog, { host: '127.0.0.1', port, protocol: 'tcp' }, messageOf({ kind: 'test', findings: [] })).catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  expect(lines().length, rsyslogd.said()).toBeGreaterThan(0);
});
afterAll(() => rsyslogd.stop());

it.each(['udp', 'tcp'])('%s: the fields arrive as they were meant, one line a finding', async (protocol) => {
  const before = lines().length;
  const message = messageOf({ findings: [findingOf(), findingOf({ id: 'f-2', level: 'critical', reasons: ['a\nb "c]'] })] });
  expect(await deliverTo(syslog, { host: '127.0.0.1', port, protocol, hostname: 'web01', facility: 'local3' }, message)).toMatchObject({
    status: 'delivered',
  });
  const [first, second] = (await seen(before + 2)).slice(before);
  expect(first).toMatchObject({ pri: String(19 * 8 + 3), host: 'web01', app: 'drifttrail', msgid: 'changes' });
  expect(first?.sd).toContain('finding="f-000000000001"');
  expect(first?.msg).toContain('the default route is gone');
  expect(second?.msg).toContain('a b "c]');
});

it.each(['udp', 'tcp'])('%s: the largest and nastiest message arrives as five lines with their structured data', async (protocol) => {
  const before = lines().length;
  await deliverTo(syslog, { host: '127.0.0.1', port, protocol }, nastiest());
  const found = (await seen(before + 5)).slice(before);
  expect(found).toHaveLength(5);
  for (const { sd, app } of found) expect([app, sd.startsWith('[drifttrail@32473 finding="f-')]).toEqual(['drifttrail', true]);
});

// Nobody can promise that of UDP: a receiver that stands still for a moment loses some. Unpaced, most of them were lost.
it('udp: of a hundred large messages in a row nearly all arrive, in order', async () => {
  const before = lines().length;
  const [worst = findingOf()] = nastiest().findings;
  const findings = Array.from({ length: 100 }, (_, index) => ({ ...worst, id: `f-many-${index}` }));
  await deliverTo(syslog, { host: '127.0.0.1', port, protocol: 'udp' }, messageOf({ findings }));
  const found = new Set((await seen(before + 90)).slice(before).map(({ sd }) => /finding="([^"]+)"/.exec(sd)?.[1]));
  expect([...found]).toEqual(findings.map(({ id }) => id).filter((id) => found.has(id)));
});

it('tls: the server is checked by its name, and an unknown one is not talked to', async () => {
  const { key, cert } = certificate(dir);
  let got = '';
  const server = createServer({ key, cert }, (socket) => {
    socket.on('data', (bytes) => {
      got += bytes.toString();
    });
    socket.on('end', () => socket.end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const target = { host: 'localhost', port: (server.address() as AddressInfo).port };
  await expect(deliverTo(syslog, target, messageOf())).rejects.toThrow(
    expect.objectContaining({ code: 'unreachable', message: expect.stringContaining('SELF_SIGNED') }),
  );
  expect(await deliverTo(syslog, { ...target, ca: cert }, messageOf())).toMatchObject({ status: 'delivered' });
  server.close();
  expect(got).toMatch(/^\d+ <131>1 /);
});

it('says that a receiver is not there', async () => {
  await expect(deliverTo(syslog, { host: '127.0.0.1', port: await freePort(), protocol: 'tcp' }, messageOf())).rejects.toThrow(
    /ECONNREFUSED/,
  );
});
