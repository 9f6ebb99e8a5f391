/** Listening sockets: parsed from what the kernel prints, and found on this machine with the program behind them. */
import { createSocket } from 'node:dgram';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { basename } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { realFileSystem } from '../../../exporters/host/filesystem.ts';
import { addressOf, exposureOf } from '../../../exporters/host/facts/socket-address.ts';
import { listenersOf, sockets } from '../../../exporters/host/facts/sockets.ts';
import { createSource } from '../../../exporters/host/source.ts';
import { spawn } from '../../../src/spawn.ts';
import { machine } from './help.ts';

const HEAD = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n';
const line = (local: string, remote: string, state: string, inode: number) =>
  `   0: ${local} ${remote} ${state} 00000000:00000000 00:00000000 00000000     0        0 ${inode} 1 0000000000000000 100 0 0 10 0\n`;
const ANY6 = '0'.repeat(32);

describe('addresses', () => {
  it('are turned from the kernel’s words', () => {
    expect(addressOf('0100007F')).toBe('127.0.0.1');
    expect(addressOf(ANY6)).toBe('::');
    expect(addressOf('00000000000000000000000001000000')).toBe('::1');
    expect(addressOf('B80D0120000000000000000001000000')).toBe('2001:db8::1');
    expect(addressOf('0000000000000000FFFF00000100007F')).toBe('127.0.0.1');
    expect(['0.0.0.0', '::', '127.0.0.53', '::1', '10.0.0.1'].map(exposureOf)).toEqual(['all', 'all', 'loopback', 'loopback', 'address']);
  });
});

describe('listeners', () => {
  it('are TCP in LISTEN and UDP without a peer', () => {
    const table = HEAD + line('00000000:0016', '00000000:0000', '0A', 11) + line('0100007F:0016', '0100007F:D431', '01', 12);
    expect(listenersOf(table, 'tcp')).toEqual([{ protocol: 'tcp', address: '0.0.0.0', port: 22, inode: '11' }]);
    const udp = HEAD + line('00000000:00A1', '00000000:0000', '07', 13) + line('0100007F:A000', '0100007F:0035', '01', 14);
    expect(listenersOf(udp, 'udp')).toEqual([{ protocol: 'udp', address: '0.0.0.0', port: 161, inode: '13' }]);
  });

  it('are told with exposure and amplifier; clients’ ports are not', async () => {
    const source = machine({
      'proc/sys/net/ipv4/ip_local_port_range': '32768\t60999\n',
      'proc/net/tcp':
        HEAD +
        line('00000000:0016', '00000000:0000', '0A', 11) +
        line('0100007F:9C40', '00000000:0000', '0A', 12) +
        line('00000000:9C41', '00000000:0000', '0A', 13),
      'proc/net/tcp6': HEAD + line(`${ANY6}:0016`, `${ANY6}:0000`, '0A', 14),
      'proc/net/udp':
        HEAD +
        line('00000000:00A1', '00000000:0000', '07', 15) +
        line('0100007F:0143', '00000000:0000', '07', 16) +
        line('00000000:9C42', '00000000:0000', '07', 17),
    });
    expect(await sockets.read(source)).toEqual({
      'tcp 0.0.0.0:22': { protocol: 'tcp', address: '0.0.0.0', port: 22, exposure: 'all' },
      'tcp 0.0.0.0:40001': { protocol: 'tcp', address: '0.0.0.0', port: 40001, exposure: 'all' },
      'tcp [::]:22': { protocol: 'tcp', address: '::', port: 22, exposure: 'all' },
      'udp 0.0.0.0:161': { protocol: 'udp', address: '0.0.0.0', port: 161, exposure: 'all', amplifier: 'snmp' },
      'udp 127.0.0.1:323': { protocol: 'udp', address: '127.0.0.1', port: 323, exposure: 'loopback' },
    });
  });
});

describe.runIf(existsSync('/proc/net/tcp'))('this machine', () => {
  it('shows a port that we open, with our own program', async () => {
    const low = 20_000 + (process.pid % 10_000);
    const server = createServer().listen(low, '127.0.0.1');
    const udp = createSocket('udp4').bind(low, '127.0.0.1');
    onTestFinished(() => {
      server.close();
      udp.close();
    });
    await Promise.all([
      new Promise((resolve) => server.once('listening', resolve)),
      new Promise((resolve) => udp.once('listening', resolve)),
    ]);
    const source = createSource(realFileSystem, '/', true, { spawn, signal: new AbortController().signal, now: () => new Date() });
    const found = await sockets.read(source);
    const program = basename(process.execPath);
    expect(found).toMatchObject({
      [`tcp 127.0.0.1:${low}`]: { protocol: 'tcp', port: low, exposure: 'loopback', process: program },
      [`udp 127.0.0.1:${low}`]: { protocol: 'udp', process: program },
    });
    expect(JSON.stringify(found)).not.toContain(`"pid"`);
  });
});
