import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createConnector } from '../../src/notify/connect.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function listen(): Promise<{ readonly port: number; readonly seen: string[] }> {
  const seen: string[] = [];
  const server = createServer((socket) => {
    socket.on('data', (bytes) => seen.push(bytes.toString()));
    socket.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  servers.push(server);
  return { port: (server.address() as AddressInfo).port, seen };
}

describe('the connector', () => {
  it.each([
    ['127.0.0.1', {}, 'loopback'],
    ['::1', {}, 'loopback'],
    ['localhost', {}, 'loopback'],
    ['169.254.169.254', { allowPrivate: true }, 'metadata'],
    ['inner.example', { resolve: async () => ['93.184.216.34', '10.0.0.1'] }, 'private'],
  ])('refuses %s %j', async (host, options, why) => {
    const { connect, sendDatagrams } = createConnector(options);
    const refused = expect.objectContaining({ code: 'address-refused', message: expect.stringContaining(why) });
    await expect(connect({ host, port: 25, upgrades: true })).rejects.toThrow(refused);
    await expect(connect({ host, port: 25, tls: {} })).rejects.toThrow(refused);
    await expect(sendDatagrams({ host, port: 514 }, [])).rejects.toThrow(expect.objectContaining({ code: 'address-refused' }));
  });

  it('speaks plain text to private receivers only', async () => {
    const resolve = async () => ['93.184.216.34'];
    const refused = expect.objectContaining({ code: 'address-refused', message: expect.stringContaining('plain text') });
    await expect(createConnector({ resolve }).connect({ host: 'logs.example', port: 514 })).rejects.toThrow(refused);
    await expect(createConnector({ resolve }).sendDatagrams({ host: 'logs.example', port: 514 }, [])).rejects.toThrow(refused);
  });

  it('calls the address that it checked, though the name says another a moment later', async () => {
    const { port, seen } = await listen();
    let asked = 0;
    const { connect } = createConnector({ allowPrivate: true, resolve: async () => (asked++ === 0 ? ['127.0.0.1'] : ['169.254.169.254']) });
    const socket = await connect({ host: 'rebind.example', port });
    socket.end('hello');
    await once(socket, 'close');
    expect([asked, seen]).toEqual([1, ['hello']]);
  });

  it('says that nobody listens, or that nobody answers in time, without a stack', async () => {
    const { port } = await listen();
    const { connect } = createConnector({ allowPrivate: true, timeout: 150 });
    await expect(connect({ host: '127.0.0.1', port: 1 })).rejects.toThrow(
      expect.objectContaining({ code: 'unreachable', message: '127.0.0.1:1: ECONNREFUSED' }),
    );
    // TLS to somebody who never greets.
    await expect(connect({ host: '127.0.0.1', port, tls: {} })).rejects.toThrow(
      expect.objectContaining({ code: 'unreachable', message: `127.0.0.1:${port}: no connection within 0.15 s` }),
    );
  });

  it('drops a stream when it is told to stop', async () => {
    const { port } = await listen();
    const stop = new AbortController();
    const socket = await createConnector({ allowPrivate: true, signal: stop.signal }).connect({ host: '127.0.0.1', port });
    stop.abort();
    await once(socket, 'close');
    expect(socket.destroyed).toBe(true);
  });

  it('sends datagrams in their order', async () => {
    const receiver = createSocket('udp4');
    const seen: string[] = [];
    receiver.bind(0, '127.0.0.1');
    await once(receiver, 'listening');
    const done = new Promise<void>((resolve) => {
      receiver.on('message', (bytes) => {
        if (seen.push(bytes.toString()) === 3) resolve();
      });
    });
    const packets = ['1', '2', '3'].map((text) => Buffer.from(text));
    await createConnector({ allowPrivate: true }).sendDatagrams({ host: '127.0.0.1', port: receiver.address().port }, packets);
    await done;
    receiver.close();
    expect(seen).toEqual(['1', '2', '3']);
  });
});
