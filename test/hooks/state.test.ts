import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { checkResult } from '../../hooks/nagios/encode.ts';
import nagios from '../../hooks/nagios/index.ts';
import prometheus from '../../hooks/prometheus/index.ts';
import { answerOf, itemsOf, packet } from '../../hooks/zabbix/encode.ts';
import zabbix from '../../hooks/zabbix/index.ts';
import { createConnector } from '../../src/notify/connect.ts';
import { renderMetrics } from '../../src/report/metrics.ts';
import { folder } from '../folder.ts';
import { STATUS } from '../notify/status.ts';
import { contextOf } from './context.ts';

const signal = new AbortController().signal;

describe('prometheus', () => {
  it('replaces its file as a whole, for others to read, and says where it cannot', async () => {
    const dir = folder({ 'd.prom': 'old' });
    const context = contextOf(prometheus.options.parse({ file: 'd.prom' }), { dir });
    expect(await prometheus.state(STATUS, signal, context)).toEqual({ status: 'delivered', detail: join(dir, 'd.prom') });
    expect(readFileSync(join(dir, 'd.prom'), 'utf8')).toBe(renderMetrics(STATUS));
    expect([statSync(join(dir, 'd.prom')).mode & 0o777, readdirSync(dir)]).toEqual([0o644, ['d.prom']]);
    const lost = contextOf(prometheus.options.parse({ file: 'none/d.prom' }), { dir });
    expect(await prometheus.state(STATUS, signal, lost)).toMatchObject({ status: 'retry', detail: expect.stringContaining('ENOENT') });
    expect(prometheus.options.safeParse({ file: 'd.txt' }).success).toBe(false);
  });
});

describe('nagios', () => {
  it('leaves a whole check result under a name that Nagios looks at, and the sign that it is whole', async () => {
    const dir = folder();
    const context = contextOf(nagios.options.parse({ folder: '.', host: 'web01' }), { dir });
    for (let look = 0; look < 2; look++) expect((await nagios.state(STATUS, signal, context)).status).toBe('delivered');
    const names = readdirSync(dir).filter((name) => !name.endsWith('.ok'));
    expect(names).toHaveLength(2);
    for (const name of names) {
      expect(name).toMatch(/^c[0-9a-f]{6}$/);
      expect(existsSync(join(dir, `${name}.ok`))).toBe(true);
    }
    const lines = readFileSync(join(dir, names[0] ?? ''), 'utf8').split('\n');
    for (const line of ['host_name=web01', 'service_description=drifttrail', 'check_type=1', 'return_code=2'])
      expect(lines).toContain(line);
    expect(lines.find((line) => line.startsWith('output='))).toMatch(
      /^output=DRIFTTRAIL CRITICAL - 1 high, 2 medium, 3 info, 2 not read completely \| critical=0;;;0 /,
    );
  });

  it.each([
    [{}, 2],
    [{ levels: { ...STATUS.levels, high: 0 } }, 3],
    [{ levels: { ...STATUS.levels, high: 0 }, gaps: [], scopes: [] }, 1],
    [{ levels: { critical: 0, high: 0, medium: 0, low: 1, info: 0 }, gaps: [], scopes: [] }, 0],
  ])('%j is %i: never well when something could not be read', (change, code) => {
    expect(checkResult({ ...STATUS, ...change }, { host: 'h', service: 's' })).toContain(`\nreturn_code=${code}\n`);
  });

  it('takes no name that would be a line of its own', () => {
    for (const host of ['a\nreturn_code=0', 'a;b', 'a|b']) expect(nagios.options.safeParse({ folder: '.', host }).success).toBe(false);
  });
});

describe('zabbix', () => {
  /** A server that answers as Zabbix does. */
  async function server(info: string, whole = true): Promise<{ readonly port: number; readonly got: () => unknown }> {
    let got: unknown;
    const listening = createServer((socket) => {
      let bytes = Buffer.alloc(0);
      socket.on('error', () => undefined);
      socket.on('data', (part: Buffer) => {
        bytes = Buffer.concat([bytes, part]);
        if (bytes.length < 13 || bytes.length < 13 + bytes.readUInt32LE(5)) return;
        expect(bytes.subarray(0, 5).toString('latin1')).toBe('ZBXD\u0001');
        got = JSON.parse(bytes.subarray(13).toString());
        const body = Buffer.from(JSON.stringify({ response: 'success', info }));
        const header = Buffer.from('ZBXD\u0001\0\0\0\0\0\0\0\0', 'latin1');
        header.writeUInt32LE(body.length, 5);
        socket.end(Buffer.concat([header, body]).subarray(0, whole ? undefined : 20));
      });
    });
    await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void listening.close());
    return { port: (listening.address() as AddressInfo).port, got: () => got };
  }
  const tell = (port: number) =>
    zabbix.state(
      STATUS,
      signal,
      contextOf(zabbix.options.parse({ server: '127.0.0.1', port, host: 'web01' }), createConnector({ allowPrivate: true })),
    );

  it('sends a value for each item, and says how many were taken', async () => {
    const { port, got } = await server('processed: 11; failed: 0; total: 11; seconds spent: 0.000055');
    expect(await tell(port)).toEqual({ status: 'delivered', detail: `127.0.0.1:${port} took 11 values` });
    expect(got()).toMatchObject({ request: 'sender data', clock: 1768392000 });
    expect((got() as { data: object[] }).data).toContainEqual({
      host: 'web01',
      key: 'drifttrail.findings[high]',
      value: '1',
      clock: 1768392000,
    });
    expect(itemsOf(STATUS)).toMatchObject({
      'drifttrail.gaps': 1,
      'drifttrail.scopes.never': 1,
      'drifttrail.scopes.age': 3600,
      'drifttrail.outbox.dead': 1,
    });
  });

  it('says that items are not there, or that the answer was cut', async () => {
    expect(await tell((await server('processed: 1; failed: 10; total: 11')).port)).toMatchObject({
      status: 'retry',
      detail: expect.stringContaining('not 10'),
    });
    expect(await tell((await server('processed: 1; failed: 0', false)).port)).toMatchObject({
      status: 'retry',
      detail: expect.stringContaining('no whole answer'),
    });
  });

  it('reads an answer only when all of it is there', () => {
    const whole = packet('h', {}, 1);
    for (let length = 0; length < whole.length; length++) expect(answerOf(whole.subarray(0, length))).toBeUndefined();
    expect(answerOf(whole)).toEqual({ processed: 0, failed: 0, success: false });
  });
});
