/** Any HTTP receiver: a CloudEvents 1.0 document with a signature over time and body. */
import { createHmac } from 'node:crypto';
import type { Hook } from 'drifttrail';
import { z } from 'zod';
import { encode } from './encode.ts';

const options = z.strictObject({
  url: z.url({ protocol: /^https?$/ }).describe('the receiver; as env:NAME or file:PATH when it holds a secret'),
  secret: z.string().min(16).meta({ secret: true, description: 'key of the signature, as env:NAME or file:PATH' }).optional(),
  source: z.string().min(1).default('drifttrail').describe('the CloudEvents source attribute'),
  headers: z
    .record(z.string().regex(/^[A-Za-z0-9-]+$/), z.string())
    .default({})
    .describe('further headers, such as Authorization'),
});

/** `sha256=` and the hex HMAC-SHA256 of `<timestamp>.<body>`. Receivers check it, and that the timestamp is recent. */
export function signature(secret: string, timestamp: string, body: string): string {
  return `sha256=${createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')}`;
}

const webhook = {
  name: 'webhook',
  summary: 'posts signed CloudEvents to any address',
  options,
  deliver: (message, _signal, context) => {
    const now = context.now();
    const body = JSON.stringify(encode(message, context.options.source, now.toISOString()));
    const timestamp = String(Math.floor(now.getTime() / 1000));
    const { secret } = context.options;
    return context.send({
      url: context.options.url,
      headers: {
        ...context.options.headers,
        'content-type': 'application/cloudevents+json; charset=utf-8',
        'idempotency-key': message.id,
        'x-drifttrail-timestamp': timestamp,
        ...(secret === undefined ? {} : { 'x-drifttrail-signature': signature(secret, timestamp, body) }),
      },
      body,
    });
  },
} satisfies Hook<z.infer<typeof options>>;

export default webhook;
