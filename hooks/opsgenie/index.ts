/** Opsgenie: one alert a finding, closed when it is put back. */
import type { Hook } from 'drifttrail';
import { z } from 'zod';
import { encode } from './encode.ts';

const options = z.strictObject({
  apiKey: z.string().min(1).meta({ secret: true, description: 'key of an API integration, as env:NAME or file:PATH' }),
  url: z
    .url({ protocol: /^https?$/ })
    .default('https://api.opsgenie.com')
    .describe('https://api.eu.opsgenie.com for the EU instance'),
});

const opsgenie = {
  name: 'opsgenie',
  summary: 'opens and closes Opsgenie alerts',
  options,
  each: true,
  deliver: (message, _signal, context) => {
    const { apiKey, url } = context.options;
    const { path, body } = encode(message);
    return context.send({ url: new URL(path, url).href, headers: { authorization: `GenieKey ${apiKey}` }, body: JSON.stringify(body) });
  },
} satisfies Hook<z.infer<typeof options>>;

export default opsgenie;
