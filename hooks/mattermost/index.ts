/** Mattermost: one message to an incoming webhook. */
import type { Hook } from 'drifttrail';
import { z } from 'zod';
import { encode } from './encode.ts';

const options = z.strictObject({
  url: z.url({ protocol: /^https?$/ }).meta({ secret: true, description: 'incoming webhook address, as env:NAME or file:PATH' }),
  channel: z.string().min(1).optional().describe("another channel than the webhook's own, where the server allows it"),
  username: z.string().min(1).optional().describe('another name to post under, where the server allows it'),
});

const mattermost = {
  name: 'mattermost',
  summary: 'posts to a Mattermost incoming webhook',
  options,
  deliver: (message, _signal, context) =>
    context.send({ url: context.options.url, body: JSON.stringify(encode(message, context.options)) }),
} satisfies Hook<z.infer<typeof options>>;

export default mattermost;
