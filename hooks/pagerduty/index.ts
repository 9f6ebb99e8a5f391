/** PagerDuty: an alert for each finding that should wake somebody, a change event for the rest, resolved when put back. */
import type { Hook } from 'drifttrail';
import { z } from 'zod';
import { encode } from './encode.ts';
import { noteOf } from './note.ts';

const options = z.strictObject({
  routingKey: z
    .string()
    .regex(/^[A-Za-z0-9]{32}$/, 'must be the 32 letters and digits of an Events API v2 integration')
    .meta({ secret: true, description: 'integration key of an Events API v2 integration, as env:NAME or file:PATH' }),
  trigger: z
    .enum(['critical', 'high', 'medium', 'low', 'info'])
    .default('high')
    .describe('the least level that opens an incident; what is below, down to `from`, is sent as a change event'),
  url: z
    .url({ protocol: /^https?$/ })
    .default('https://events.pagerduty.com')
    .describe('https://events.eu.pagerduty.com for the EU region'),
  notes: z
    .strictObject({
      token: z.string().min(1).meta({ secret: true, description: 'REST API key that may write, as env:NAME or file:PATH' }),
      from: z.email().describe('the PagerDuty user whose notes these are'),
      url: z
        .url({ protocol: /^https?$/ })
        .default('https://api.pagerduty.com')
        .describe('https://api.eu.pagerduty.com for the EU region'),
    })
    .optional()
    .describe('with answers: true, what changed before an incident is written beside it as a note'),
});

const pagerduty = {
  name: 'pagerduty',
  summary: 'opens and resolves PagerDuty incidents, and sends change events',
  options,
  each: true,
  deliver: (message, _signal, context) => {
    const { routingKey, trigger, url } = context.options;
    const { path, body } = encode(message, routingKey, trigger, context.now().toISOString());
    return context.send({ url: new URL(path, url).href, body: JSON.stringify(body) });
  },
  answer: async (message, _signal, context) => {
    const { notes } = context.options;
    if (notes === undefined || message.incident === undefined)
      return { status: 'rejected', detail: 'pagerduty answers incidents with notes: set notes: { token, from }' };
    const { path, headers, body } = noteOf(message, message.incident, notes);
    return context.send({ url: new URL(path, notes.url).href, headers, body: JSON.stringify(body) });
  },
} satisfies Hook<z.infer<typeof options>>;

export default pagerduty;
