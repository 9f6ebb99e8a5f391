/** The outlet's name: what it does, in one sentence. Copy this folder to hooks/<name>; nothing else needs to know. */
import { cut, type Hook, type Message, neutraliseLine } from 'drifttrail';
import { z } from 'zod';

/** Secrets reach the outlet resolved; users write them as `env:NAME` or `file:PATH`. */
const options = z.strictObject({
  url: z.url({ protocol: /^https?$/ }).describe('where to post'),
});

/** Test this with the largest and nastiest message against the receiver's published limits. */
export function encode(message: Message): string {
  return JSON.stringify({ id: message.id, title: cut(neutraliseLine(message.title), 200), more: message.more, link: message.link });
}

const hook = {
  name: 'template',
  summary: 'one line for the list of outlets',
  options,
  deliver: (message, _signal, context) => context.send({ url: context.options.url, body: encode(message) }),
} satisfies Hook<z.infer<typeof options>>;

export default hook;
