/** PagerDuty: an alert for each finding that should wake somebody, a change event for the rest, resolved when put back. */
import type { Hook } from 'drifttrail';
import { z } from 'zod';
import { encode } from './encode.ts';

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
} satisfies Hook<z.infer<typeof options>>;

export default pagerduty;
