/** Zabbix: the state as values of trapper items. */
import type { Socket } from 'node:net';
import { hostname } from 'node:os';
import type { Hook, Receipt } from 'drifttrail';
import { z } from 'zod';
import { answerOf, itemsOf, packet } from './encode.ts';

const options = z.strictObject({
  server: z.string().min(1).describe('Zabbix server or proxy; the protocol is plain text and needs allowPrivate'),
  port: z.int().min(1).max(65_535).default(10_051),
  host: z.string().min(1).optional().describe("the host as Zabbix knows it; default this machine's name"),
});

/** Bytes of an answer, which is a line of JSON. */
const MOST_ANSWER = 65_536;

const zabbix = {
  name: 'zabbix',
  summary: 'sends counts to Zabbix trapper items',
  options,
  state: async (status, signal, context): Promise<Receipt> => {
    const { server, port, host = hostname() } = context.options;
    const items = itemsOf(status);
    const socket = await context.connect({ host: server, port });
    const answer = answerOf(await exchange(socket, packet(host, items, Math.floor(Date.parse(status.generatedAt) / 1000)), signal));
    if (answer === undefined) return { status: 'retry', detail: `${server}:${port} gave no whole answer` };
    if (!answer.success) return { status: 'retry', detail: `${server}:${port} refused the values` };
    if (answer.failed === 0) return { status: 'delivered', detail: `${server}:${port} took ${answer.processed} values` };
    const detail = `${server}:${port} took ${answer.processed} values and not ${answer.failed}: are the items of type trapper there on host ${host}?`;
    return { status: 'retry', detail };
  },
} satisfies Hook<z.infer<typeof options>>;

function exchange(socket: Socket, bytes: Buffer, signal: AbortSignal): Promise<Buffer> {
  return new Promise((resolve) => {
    let said = Buffer.alloc(0);
    const end = () => {
      signal.removeEventListener('abort', end);
      socket.destroy();
      resolve(said);
    };
    signal.addEventListener('abort', end, { once: true });
    socket.on('data', (part: Buffer) => {
      said = Buffer.concat([said, part]);
      if (said.length > MOST_ANSWER || answerOf(said) !== undefined) end();
    });
    socket.once('error', end);
    socket.once('close', end);
    socket.write(bytes);
  });
}

export default zabbix;
