/** Discord: one message of embeds to a channel's webhook. */
import type { Hook } from 'drifttrail';
import { z } from 'zod';
import { encode } from './encode.ts';

const options = z.strictObject({
  url: z.url({ protocol: /^https?$/ }).meta({ secret: true, description: "address of the channel's webhook, as env:NAME or file:PATH" }),
});

const discord = {
  name: 'discord',
  summary: 'posts embeds to a Discord webhook',
  options,
  deliver: (message, _signal, context) => context.send({ url: context.options.url, body: JSON.stringify(encode(message)) }),
} satisfies Hook<z.infer<typeof options>>;

export default discord;
