/** syslog: RFC 5424 over UDP, TCP or TLS. */
import { hostname } from 'node:os';
import type { Hook, Receipt } from 'drifttrail';
import { z } from 'zod';
import { pour } from '../_message/stream.ts';
import { encode, framed } from './encode.ts';

const FACILITIES = ['kern', 'user', 'mail', 'daemon', 'auth', 'syslog', 'lpr', 'news', 'uucp', 'cron', 'authpriv', 'ftp'] as const;
const LOCAL = ['local0', 'local1', 'local2', 'local3', 'local4', 'local5', 'local6', 'local7'] as const;
const FIRST_LOCAL = 16;

const options = z.strictObject({
  host: z.string().min(1).describe('the syslog server'),
  port: z.int().min(1).max(65_535).optional().describe('default 514, with `protocol: tls` 6514'),
  protocol: z.enum(['tls', 'tcp', 'udp']).default('tls').describe('tcp and udp are plain text and need allowPrivate'),
  facility: z.enum([...FACILITIES, ...LOCAL]).default('local0'),
  hostname: z.string().min(1).max(255).optional().describe("HOSTNAME of the messages; default this machine's name"),
  appName: z.string().min(1).max(48).default('drifttrail').describe('APP-NAME of the messages'),
  ca: z.string().min(1).optional().describe('PEM of your own certificate authority, as file:PATH'),
});

/** Octets: what every receiver of UDP should take, and rsyslog's and syslog-ng's default for a message. */
const MOST = { udp: 2048, tcp: 8192, tls: 8192 } as const;

const syslog = {
  name: 'syslog',
  summary: 'sends RFC 5424 messages over UDP, TCP or TLS',
  options,
  records: true,
  deliver: async (message, signal, context): Promise<Receipt> => {
    const { host, protocol, facility, appName, ca, port = protocol === 'tls' ? 6514 : 514 } = context.options;
    const messages = encode(message, context.now().toISOString(), {
      facility: numberOf(facility),
      hostname: context.options.hostname ?? hostname(),
      appName,
      most: MOST[protocol],
    });
    if (protocol === 'udp') {
      await context.sendDatagrams({ host, port }, messages);
      return { status: 'delivered', detail: `sent to ${host}:${port} by UDP, which confirms nothing` };
    }
    const socket = await context.connect({ host, port, ...(protocol === 'tls' ? { tls: ca === undefined ? {} : { ca } } : {}) });
    try {
      await pour(socket, framed(messages), signal);
    } catch {
      return { status: 'retry', detail: `${host}:${port} closed the connection before it had everything` };
    }
    return { status: 'delivered', detail: `sent to ${host}:${port} by ${protocol.toUpperCase()}` };
  },
} satisfies Hook<z.infer<typeof options>>;

function numberOf(facility: string): number {
  const names: readonly string[] = FACILITIES;
  const local: readonly string[] = LOCAL;
  return names.includes(facility) ? names.indexOf(facility) : FIRST_LOCAL + local.indexOf(facility);
}

export default syslog;
