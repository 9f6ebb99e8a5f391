/** Slack: one message to an incoming webhook. */
import type { Hook } from 'drifttrail';
import { z } from 'zod';
import { encode } from './encode.ts';

const options = z.strictObject({
  /** The incoming webhook's address; a secret, so `env:NAME` or `file:PATH`. */
  url: z.url({ protocol: /^https?$/ }).meta({ secret: true, description: 'incoming webhook address, as env:NAME or file:PATH' }),
});

const slack = {
  name: 'slack',
  summary: 'posts to a Slack incoming webhook',
  options,
  deliver: (message, _signal, context) => context.send({ url: context.options.url, body: JSON.stringify(encode(message)) }),
} satisfies Hook<z.infer<typeof options>>;

export default slack;
