/** Streams and datagrams for outlets that do not speak HTTP, with the sender's rules: checked, pinned and bounded. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createConnection, isIP, type Socket } from 'node:net';
import { connect as connectTls, rootCertificates } from 'node:tls';
import { DrifttrailError } from '../errors.ts';
import type { HookContext, StreamTarget } from '../model.ts';
import { deadlineOf } from './deadline.ts';
import type { SenderOptions } from './sender.ts';
import { reasonOf, targetOf, untilAborted } from './target.ts';

type Connector = Pick<HookContext, 'connect' | 'sendDatagrams'>;

/** Datagrams in a row, and the milliseconds before the next: a receiver's buffer, mostly 200 kB, drops what comes faster than it reads. */
const [BURST, PAUSE] = [10, 20];

export const REFUSED = 'address-refused';

export function createConnector(options: SenderOptions = {}): Connector {
  const { allowPrivate = false, timeout = 10_000, signal, resolve } = options;

  /** The address to call, then the call, both within the time; every failure in one line without secrets. */
  const within = async <Value>(target: StreamTarget, call: (address: string, deadline: AbortSignal) => Promise<Value>): Promise<Value> => {
    const { host, port, tls, upgrades } = target;
    if (tls === undefined && upgrades !== true && !allowPrivate)
      throw refused(`plain text to ${host}:${port} is not allowed; use TLS, or set allowPrivate for a receiver in your own network`);
    const deadline = deadlineOf(timeout, signal);
    try {
      const found = await targetOf(host, allowPrivate, deadline.signal, resolve);
      if ('refused' in found) throw refused(found.refused);
      if ('missing' in found) throw unreachable(found.missing);
      return await call(found.address, deadline.signal);
    } catch (cause) {
      if (cause instanceof DrifttrailError) throw cause;
      throw unreachable(`${host}:${port}: ${deadline.late() ? `no connection within ${timeout / 1000} s` : reasonOf(cause)}`);
    } finally {
      deadline.clear();
    }
  };

  return {
    connect: (target) => within(target, (address, deadline) => open(address, target, deadline, signal)),
    sendDatagrams: (target, packets) =>
      within(target, async (address, deadline) => {
        const socket = createSocket(isIP(address) === 6 ? 'udp6' : 'udp4');
        try {
          await untilAborted(sendAll(socket, address, target.port, packets), deadline);
        } finally {
          socket.close();
        }
      }),
  };
}

async function open(address: string, target: StreamTarget, deadline: AbortSignal, outer: AbortSignal | undefined): Promise<Socket> {
  const { host, port, tls } = target;
  const socket =
    tls === undefined
      ? createConnection({ host: address, port })
      : connectTls({
          host: address,
          port,
          ...(isIP(host) === 0 ? { servername: host } : {}),
          ...(tls.ca === undefined ? {} : { ca: [...rootCertificates, tls.ca] }),
        });
  try {
    await once(socket, tls === undefined ? 'connect' : 'secureConnect', { signal: deadline });
  } catch (error) {
    socket.destroy();
    throw error;
  }
  outer?.addEventListener('abort', () => socket.destroy(), { once: true });
  return socket;
}

/** Ends with the first error: a closed socket throws, and one that is told by the network comes by itself. */
async function sendAll(
  socket: ReturnType<typeof createSocket>,
  address: string,
  port: number,
  packets: readonly Uint8Array[],
): Promise<void> {
  const failed = new Promise<never>((_, reject) => socket.once('error', reject));
  const handOver = async () => {
    await new Promise<void>((resolve) => socket.connect(port, address, resolve));
    for (const [index, packet] of packets.entries()) {
      if (index > 0 && index % BURST === 0) await new Promise((resolve) => setTimeout(resolve, PAUSE));
      await new Promise<void>((resolve, reject) => socket.send(packet, (error) => (error === null ? resolve() : reject(error))));
    }
  };
  await Promise.race([handOver(), failed]);
}

function refused(message: string): DrifttrailError {
  return new DrifttrailError({ code: REFUSED, message, remedy: 'correct the address of the outlet' });
}

function unreachable(message: string): DrifttrailError {
  return new DrifttrailError({ code: 'unreachable', message, remedy: 'it is tried again by itself' });
}
