/** The questions that a queue is asked, in plain words. */
import { isObject, type Json, type JsonObject, type Surroundings } from 'drifttrail';
import { camelObject, plainObject } from '../../exporters/_aws/camel.ts';
import { AnswerError } from '../../exporters/_aws/errors.ts';
import { type AccessOptions, openAccess } from '../_cloudtrail/access.ts';

export interface Message {
  readonly id: string;
  /** Stands for this delivery of the message; the next has another. */
  readonly handle: string;
  readonly body: string;
  /** Milliseconds since 1970, by the queue's clock. */
  readonly sentAt: number;
}

export interface QueueState {
  /** About how many wait to be received. */
  readonly waiting: number;
  /** About how many have been received by somebody and neither deleted nor given up. */
  readonly inFlight: number;
  /** About how many cannot be received yet. */
  readonly delayed: number;
  /** Milliseconds after which the queue forgets a message. */
  readonly retention: number;
  /** Where a message goes that was received too often; absent without such a policy. */
  readonly redrive?: { readonly after: number; readonly to: string };
}

export interface Queue {
  readonly state: (signal: AbortSignal) => Promise<QueueState>;
  /** Up to ten messages, as soon as there are any; none when none came in time. */
  readonly receive: (signal: AbortSignal) => Promise<readonly Message[]>;
  /** Up to ten. Resolves to how many the queue would not delete. */
  readonly remove: (handles: readonly string[], signal: AbortSignal) => Promise<number>;
}

export interface OpenQueue extends Queue {
  readonly close: () => void;
}

/** The most that ReceiveMessage gives and DeleteMessageBatch takes. */
export const BATCH = 10;
/** Requests per second; SQS has no limit for standard queues. */
const RATE = 200;
/** Seconds for which nobody else gets what was received: enough to store it, short enough to be back soon after a kill. */
const HIDDEN = 120;

export interface QueueOptions extends AccessOptions {
  readonly queue: string;
  readonly region?: string | undefined;
  readonly wait: number;
}

export async function openQueue(options: QueueOptions, surroundings: Surroundings): Promise<OpenQueue> {
  const { queue: QueueUrl, wait } = options;
  const region = regionOf(options);
  const { send, close } = await openAccess(options, RATE, surroundings);
  const ask = (operation: string, input: JsonObject, signal: AbortSignal) =>
    send({ service: 'sqs', operation, input: { QueueUrl, ...input }, region }, signal);
  return {
    state: async (signal) => stateOf(plainObject(await ask('GetQueueAttributes', { AttributeNames: ['All'] }, signal)).Attributes),
    receive: async (signal) => {
      const input = {
        MaxNumberOfMessages: BATCH,
        WaitTimeSeconds: wait,
        VisibilityTimeout: HIDDEN,
        MessageSystemAttributeNames: ['SentTimestamp'],
      };
      const { messages = [] } = camelObject(await ask('ReceiveMessage', input, signal));
      if (!Array.isArray(messages)) throw new AnswerError('invalid', 'the answer’s Messages are no list');
      return messages.map(messageOf);
    },
    remove: async (handles, signal) => {
      const Entries = handles.map((ReceiptHandle, index) => ({ Id: String(index), ReceiptHandle }));
      const { failed } = camelObject(await ask('DeleteMessageBatch', { Entries }, signal));
      return Array.isArray(failed) ? failed.length : 0;
    },
    close,
  };
}

/** As the queue's address says: `https://sqs.eu-west-1.amazonaws.com/123456789012/name`. */
export function regionOf({ queue, region }: Pick<QueueOptions, 'queue' | 'region'>): string {
  const [, now, before] = /(?:[./]sqs\.([a-z0-9-]+)\.(?:amazonaws|vpce)|\/\/([a-z0-9-]+)\.queue\.amazonaws)\./.exec(queue) ?? [];
  return region ?? now ?? before ?? 'us-east-1';
}

function messageOf(item: Json): Message {
  const { messageId: id, receiptHandle: handle, body, attributes } = isObject(item) ? item : {};
  if (typeof id !== 'string' || typeof handle !== 'string') throw new AnswerError('invalid', 'a message has no id');
  const sentAt = isObject(attributes) ? Number(attributes['sentTimestamp']) : Number.NaN;
  return { id, handle, body: typeof body === 'string' ? body : '', sentAt: Number.isFinite(sentAt) ? sentAt : 0 };
}

/** All numbers come as text. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_GetQueueAttributes.html */
function stateOf(attributes: Json | undefined): QueueState {
  const found = isObject(attributes) ? attributes : {};
  const numberOf = (name: string): number => {
    const value = Number(found[name]);
    if (found[name] === undefined || !Number.isFinite(value)) throw new AnswerError('invalid', `the answer has no ${name}`);
    return value;
  };
  const redrive = redriveOf(found.RedrivePolicy);
  return {
    waiting: numberOf('ApproximateNumberOfMessages'),
    inFlight: numberOf('ApproximateNumberOfMessagesNotVisible'),
    delayed: numberOf('ApproximateNumberOfMessagesDelayed'),
    retention: numberOf('MessageRetentionPeriod') * 1000,
    ...(redrive === undefined ? {} : { redrive }),
  };
}

function redriveOf(policy: Json | undefined): QueueState['redrive'] {
  if (typeof policy !== 'string' || policy === '') return undefined;
  const value = JSON.parse(policy) as Json;
  if (!isObject(value) || typeof value['deadLetterTargetArn'] !== 'string') return undefined;
  return { after: Number(value['maxReceiveCount']), to: value['deadLetterTargetArn'].split(':').at(-1) ?? '' };
}
