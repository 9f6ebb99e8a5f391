/** CloudTrail events that EventBridge puts into a queue: seconds after the call, for as long as the queue is read. */
import type { Trail } from 'drifttrail';
import { z } from 'zod';
import { faultOf } from '../../exporters/_aws/errors.ts';
import { regionOption } from '../../exporters/_aws/options.ts';
import { accessShape } from '../_cloudtrail/access.ts';
import { openQueue, regionOf } from './queue.ts';
import { readQueue } from './read.ts';

const options = z.strictObject({
  queue: z
    .url()
    .regex(/^https?:/, 'a queue’s address looks like https://sqs.eu-west-1.amazonaws.com/123456789012/drifttrail')
    // In a first-in-first-out queue one message that cannot be read would hold up all behind it.
    .refine((url) => !url.endsWith('.fifo'), 'a standard queue is needed, not a FIFO queue')
    .describe('The address of a standard queue that nobody else reads'),
  region: regionOption.optional().describe('Where the queue is; default as its address says'),
  wait: z.number().int().min(1).max(10).default(1).describe('Seconds that an empty queue is listened to'),
  complete: z
    .boolean()
    .default(false)
    .describe('The rules pass on every management event, unfiltered: silence between two events of a place then means no event'),
  ...accessShape,
});
type Options = z.infer<typeof options>;

const trail: Trail<Options> = {
  name: 'sqs',
  summary: 'CloudTrail events from EventBridge in a queue, within seconds',
  scopes: ['aws'],
  options,
  permissions: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
  async *read(context) {
    const { options: own } = context;
    const queue = await openQueue(own, context);
    try {
      yield* readQueue(queue, { queue: own.queue, region: regionOf(own), complete: own.complete }, context);
    } finally {
      queue.close();
    }
  },
  async probe({ options: own, signal, ...surroundings }) {
    const system = own.queue;
    const queue = await openQueue(own, surroundings);
    try {
      const { waiting, retention, redrive } = await queue.state(signal);
      const unreadable = redrive === undefined ? 'no dead-letter queue' : `dead-letter queue ${redrive.to}`;
      return [{ system, ok: true, detail: `about ${waiting} messages wait; kept ${retention / 3_600_000} h; ${unreadable}` }];
    } catch (error) {
      return [{ system, ok: false, detail: faultOf(error, { action: 'sqs:GetQueueAttributes', region: regionOf(own) }).detail }];
    } finally {
      queue.close();
    }
  },
};
export default trail;
