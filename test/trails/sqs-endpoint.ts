/** A queue of our own that speaks SQS's JSON protocol: deliveries hide a message, and only a delete ends it. */
import { createHash } from 'node:crypto';
import { openLoopback } from './loopback.ts';

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
  const { url, close } = await openLoopback('application/x-amz-json-1.0', (target, input) => {
    const operation = target.replace('AmazonSQS.', '');
    endpoint.onCall(operation);
    endpoint.calls.push(operation);
    const code = endpoint.refuse.get(operation);
    if (code !== undefined) return { status: 400, body: { __type: `com.amazonaws.sqs#${code}`, message: 'no' } };
    return { status: 200, body: answers[operation]?.(input) };
  });
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
    close,
  };
  return endpoint;
}
