/** Microsoft Teams: one Adaptive Card to the webhook of a workflow. */
import type { Hook } from 'drifttrail';
import { z } from 'zod';
import { encode } from './encode.ts';

const options = z.strictObject({
  url: z
    .url({ protocol: /^https?$/ })
    .meta({ secret: true, description: "address of the workflow's webhook trigger, as env:NAME or file:PATH" }),
});

const teams = {
  name: 'teams',
  summary: 'posts an Adaptive Card to a Microsoft Teams workflow',
  options,
  deliver: (message, _signal, context) => context.send({ url: context.options.url, body: JSON.stringify(encode(message)) }),
} satisfies Hook<z.infer<typeof options>>;

export default teams;
