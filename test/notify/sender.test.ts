import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { refusal } from '../../src/notify/address.ts';
import { createSender, type SenderOptions } from '../../src/notify/sender.ts';

const clock = { now: () => new Date('2026-01-14T12:00:00Z') };
const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

async function serve(
  handler: (request: IncomingMessage, response: ServerResponse, body: string) => void,
): Promise<{ port: number; seen: string[] }> {
  const seen: string[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      seen.push(body);
      handler(request, response, body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, seen };
}

const send = (url: string, options: SenderOptions = {}) => createSender(clock, options)({ url, body: '{"a":1}' });

describe('which addresses are refused', () => {
  it.each([
    ['127.0.0.1', 'loopback'],
    ['::1', 'loopback'],
    ['10.1.2.3', 'private'],
    ['192.168.0.1', 'private'],
    ['172.16.0.1', 'private'],
    ['169.254.169.254', 'metadata'],
    ['fd00:ec2::254', 'metadata'],
    ['fd00:ec2::23', 'metadata'],
    ['fd00:0ec2:0:0:0:0:0:fe', 'metadata'],
    ['fd20:ce::254', 'metadata'],
    ['100.100.100.200', 'metadata'],
    ['169.254.170.2', 'linkLocal'],
    ['::127.0.0.1', 'loopback'],
    ['::ffff:0:7f00:1', 'rfc6145'],
    ['64:ff9b:1::7f00:1', 'rfc6052'],
    ['2002:7f00:1::', '6to4'],
    ['2001::1', 'teredo'],
    ['fec0::1', 'deprecatedSiteLocal'],
    ['198.18.0.1', 'reserved'],
    ['240.0.0.1', 'reserved'],
    ['168.63.129.16', 'metadata'],
    ['169.254.1.1', 'linkLocal'],
    ['fe80::1', 'linkLocal'],
    ['fc00::1', 'uniqueLocal'],
    ['100.64.0.1', 'carrierGradeNat'],
    ['0.0.0.0', 'unspecified'],
    ['::', 'unspecified'],
    ['::ffff:127.0.0.1', 'loopback'],
    ['::ffff:169.254.169.254', 'metadata'],
    ['64:ff9b::a9fe:a9fe', 'rfc6052'],
    ['224.0.0.1', 'multicast'],
    ['255.255.255.255', 'broadcast'],
  ])('%s is %s', (address, why) => {
    expect(refusal(address, false)).toBe(why);
  });

  it('allows public ones, and private ones when told so, but never metadata', () => {
    expect(refusal('93.184.216.34', false)).toBeUndefined();
    expect(refusal('2606:2800:220:1::1', false)).toBeUndefined();
    expect(refusal('10.1.2.3', true)).toBeUndefined();
    for (const address of ['169.254.169.254', 'fd00:ec2::254', 'fd00:ec2::23', 'fd20:ce::254', '100.100.100.200', '::ffff:a9fe:a9fe'])
      expect(refusal(address, true)).toBe('metadata');
    expect(refusal('fe80::1', true)).toBe('linkLocal');
  });
});

describe('the sender', () => {
  it('refuses without a connection what resolves to an inner address', async () => {
    const { port, seen } = await serve((_request, response) => response.end());
    for (const url of [
      `https://127.0.0.1:${port}/`,
      `https://2130706433:${port}/`,
      `https://0x7f.1:${port}/`,
      `https://[::ffff:127.0.0.1]:${port}/`,
      `https://[::ffff:7f00:1]:${port}/`,
      `https://[::1]:${port}/`,
      `https://017700000001:${port}/`,
      `https://0177.0.0.1:${port}/`,
      `https://127.1:${port}/`,
      `https://localhost:${port}/`,
      `https://127。0。0。1:${port}/`,
    ]) {
      expect(await send(url), url).toMatchObject({ status: 'rejected', detail: expect.stringContaining('loopback') });
    }
    expect(await send(`https://inner.example:${port}/`, { resolve: async () => ['93.184.216.34', '10.0.0.1'] })).toMatchObject({
      status: 'rejected',
    });
    expect(await send('https://meta.example/', { resolve: async () => ['169.254.169.254'], allowPrivate: true })).toMatchObject({
      status: 'rejected',
    });
    expect(seen).toEqual([]);
  });

  it('speaks https only, http when private receivers are allowed, and nothing else', async () => {
    expect(await send('http://example.com/secret-path')).toMatchObject({ status: 'rejected' });
    for (const url of ['file:///etc/passwd', 'gopher://x/', 'nonsense'])
      expect((await send(url, { allowPrivate: true })).status).toBe('rejected');
  });

  it('calls the address that it checked, though the name says another a moment later', async () => {
    const { port, seen } = await serve((_request, response) => response.end('ok'));
    let asked = 0;
    const resolve = async () => (asked++ === 0 ? ['127.0.0.1'] : ['169.254.169.254']);
    expect(await send(`http://rebind.example:${port}/x`, { allowPrivate: true, resolve })).toMatchObject({ status: 'delivered' });
    expect([asked, seen]).toEqual([1, ['{"a":1}']]);
  });

  it('does not follow redirects', async () => {
    const { port, seen } = await serve((_request, response) => response.writeHead(307, { location: '/elsewhere' }).end());
    expect(await send(`http://127.0.0.1:${port}/`, { allowPrivate: true })).toMatchObject({
      status: 'rejected',
      detail: expect.stringContaining('redirects'),
    });
    expect(seen).toHaveLength(1);
  });

  it.each([
    [200, {}, { status: 'delivered' }],
    [202, {}, { status: 'delivered' }],
    [400, {}, { status: 'rejected' }],
    [404, {}, { status: 'rejected' }],
    [429, { 'retry-after': '7' }, { status: 'retry', retryAfter: 7000 }],
    [503, { 'retry-after': 'Wed, 14 Jan 2026 12:00:30 GMT' }, { status: 'retry', retryAfter: 30_000 }],
    [500, {}, { status: 'retry' }],
  ])('takes %i for what it means', async (status, headers, receipt) => {
    const { port } = await serve((_request, response) => response.writeHead(status, headers).end());
    expect(await send(`http://127.0.0.1:${port}/`, { allowPrivate: true })).toMatchObject(receipt);
  });

  it('waits no longer than its time and says so', async () => {
    const { port } = await serve(() => undefined);
    expect(await send(`http://127.0.0.1:${port}/`, { allowPrivate: true, timeout: 150 })).toEqual({
      status: 'retry',
      detail: '127.0.0.1: no answer within 0.15 s',
    });
  });

  it('never tells the path, query or password of an address, though the receiver echoes it', async () => {
    const { port } = await serve((request, response) => response.writeHead(400).end(`bad call to ${request.url} \u001b[31m`));
    const details = [
      await send(`http://u:passwort1@127.0.0.1:${port}/services/T000/B000/verysecret?token=alsosecret`, { allowPrivate: true }),
      await send('http://127.0.0.1:1/services/verysecret?token=alsosecret', { allowPrivate: true }),
      await send('https://nosuch.invalid/verysecret', {
        resolve: () => Promise.reject(new Error('lookup of https://nosuch.invalid/verysecret')),
      }),
    ].map((receipt) => receipt.detail);
    expect(details.join('\n')).not.toMatch(/verysecret|alsosecret|passwort1/);
    expect(details.join('\n')).not.toContain('\u001b');
  });
});
