/** A queue of our own that speaks SQS's JSON protocol: deliveries hide a message, and only a delete ends it. */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Kept {
  readonly id: string;
  readonly body: string;
  readonly sentAt: number;
  visibleAt: number;
  handle: string;
}

export interface SqsEndpoint {
  readonly url: string;
  readonly queue: string;
  readonly send: (...bodies: readonly string[]) => string[];
  readonly bodies: () => string[];
  readonly calls: string[];
  /** Answers an operation with an error code, from now on. */
  readonly refuse: Map<string, string>;
  /** Runs before each call is answered. */
  onCall: (operation: string) => void;
  attributes: Record<string, string>;
  readonly close: () => Promise<void>;
}

/** `clock` in milliseconds since 1970. */
export async function openSqsEndpoint(clock: () => number): Promise<SqsEndpoint> {
  let kept: Kept[] = [];
  let count = 0;
  const md5 = (text: string) => createHash('md5').update(text).digest('hex');
  const answers: Record<string, (input: Record<string, unknown>) => object> = {
    GetQueueAttributes: () => {
      const visible = kept.filter(({ visibleAt }) => visibleAt <= clock()).length;
      const counts = {
        ApproximateNumberOfMessages: String(visible),
        ApproximateNumberOfMessagesNotVisible: String(kept.length - visible),
        ApproximateNumberOfMessagesDelayed: '0',
      };
      return { Attributes: { ...counts, MessageRetentionPeriod: '345600', ...endpoint.attributes } };
    },
    ReceiveMessage: ({ MaxNumberOfMessages, VisibilityTimeout }) => {
      const found = kept.filter(({ visibleAt }) => visibleAt <= clock()).slice(0, Number(MaxNumberOfMessages));
      for (const message of found) Object.assign(message, { visibleAt: clock() + Number(VisibilityTimeout) * 1000, handle: `h${++count}` });
      const messages = found.map(({ id, handle, body, sentAt }) => ({
        MessageId: id,
        ReceiptHandle: handle,
        MD5OfBody: md5(body),
        Body: body,
        Attributes: { SentTimestamp: String(sentAt) },
      }));
      return messages.length === 0 ? {} : { Messages: messages };
    },
    DeleteMessageBatch: ({ Entries }) => {
      const entries = Entries as { Id: string; ReceiptHandle: string }[];
      const handles = new Set(entries.map(({ ReceiptHandle }) => ReceiptHandle));
      kept = kept.filter(({ handle }) => !handles.has(handle));
      return { Successful: entries.map(({ Id }) => ({ Id })) };
    },
  };
  const server = createServer(async (request, response) => {
    const input = JSON.parse(await textOf(request)) as Record<string, unknown>;
    const operation = String(request.headers['x-amz-target']).replace('AmazonSQS.', '');
    endpoint.onCall(operation);
    endpoint.calls.push(operation);
    const code = endpoint.refuse.get(operation);
    response.statusCode = code === undefined ? 200 : 400;
    response.setHeader('content-type', 'application/x-amz-json-1.0');
    const failure = { __type: `com.amazonaws.sqs#${code}`, message: 'no' };
    response.end(JSON.stringify(code === undefined ? answers[operation]?.(input) : failure));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const endpoint: SqsEndpoint = {
    url,
    queue: `${url}/123456789012/drifttrail`,
    send: (...bodies) =>
      bodies.map((body) => {
        const id = `m${++count}`;
        kept.push({ id, body, sentAt: clock(), visibleAt: clock(), handle: '' });
        return id;
      }),
    bodies: () => kept.map(({ body }) => body),
    calls: [],
    refuse: new Map(),
    onCall: () => undefined,
    attributes: {},
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return endpoint;
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
