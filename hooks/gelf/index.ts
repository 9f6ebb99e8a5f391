/** Graylog and whatever else takes GELF, over UDP, TCP or TLS. */
import { hostname } from 'node:os';
import type { Hook, Receipt } from 'drifttrail';
import { z } from 'zod';
import { pour } from '../_message/stream.ts';
import { chunked, encode } from './encode.ts';

const options = z.strictObject({
  host: z.string().min(1).describe('the GELF input'),
  port: z.int().min(1).max(65_535).default(12_201),
  protocol: z.enum(['tls', 'tcp', 'udp']).default('tls').describe('tcp and udp are plain text and need allowPrivate'),
  source: z.string().min(1).max(255).optional().describe("host of the records; default this machine's name"),
  ca: z.string().min(1).optional().describe('PEM of your own certificate authority, as file:PATH'),
});

const gelf = {
  name: 'gelf',
  summary: 'sends GELF 1.1 over UDP, TCP or TLS',
  options,
  records: true,
  deliver: async (message, signal, context): Promise<Receipt> => {
    const { host, port, protocol, source = hostname(), ca } = context.options;
    const records = encode(message, source, context.now()).map((record) => Buffer.from(JSON.stringify(record)));
    if (protocol === 'udp') {
      await context.sendDatagrams(
        { host, port },
        records.flatMap((record) => chunked(record)),
      );
      return { status: 'delivered', detail: `sent to ${host}:${port} by UDP, which confirms nothing` };
    }
    const socket = await context.connect({ host, port, ...(protocol === 'tls' ? { tls: ca === undefined ? {} : { ca } } : {}) });
    try {
      await pour(socket, Buffer.concat(records.flatMap((record) => [record, Buffer.from([0])])), signal);
    } catch {
      return { status: 'retry', detail: `${host}:${port} closed the connection before it had everything` };
    }
    return { status: 'delivered', detail: `sent to ${host}:${port} by ${protocol.toUpperCase()}` };
  },
} satisfies Hook<z.infer<typeof options>>;

export default gelf;
