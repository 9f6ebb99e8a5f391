/** Rocket.Chat: one message to an incoming integration. */
import type { Hook } from 'drifttrail';
import { z } from 'zod';
import { encode } from './encode.ts';

const options = z.strictObject({
  url: z.url({ protocol: /^https?$/ }).meta({ secret: true, description: 'address of the incoming integration, as env:NAME or file:PATH' }),
  channel: z.string().min(1).optional().describe("another room than the integration's own: #room or @user"),
  alias: z.string().min(1).optional().describe('another name to post under'),
});

const rocketchat = {
  name: 'rocketchat',
  summary: 'posts to a Rocket.Chat incoming integration',
  options,
  deliver: (message, _signal, context) =>
    context.send({ url: context.options.url, body: JSON.stringify(encode(message, context.options)) }),
} satisfies Hook<z.infer<typeof options>>;

export default rocketchat;
