/** Splunk: events to an HTTP Event Collector. */
import { hostname } from 'node:os';
import type { Hook } from 'drifttrail';
import { z } from 'zod';
import { encode } from './encode.ts';

const options = z.strictObject({
  url: z.url({ protocol: /^https?$/ }).describe('https://splunk.example:8088; /services/collector/event is added when it has no path'),
  token: z.string().min(1).meta({ secret: true, description: 'token of the collector, as env:NAME or file:PATH' }),
  index: z.string().min(1).optional(),
  host: z.string().min(1).optional().describe("host of the events; default this machine's name"),
  source: z.string().min(1).default('drifttrail'),
});

const splunk = {
  name: 'splunk-hec',
  summary: 'sends events to a Splunk HTTP Event Collector',
  options,
  records: true,
  deliver: (message, _signal, context) => {
    const { url, token, index, host = hostname(), source } = context.options;
    const target = new URL(url);
    if (target.pathname === '/') target.pathname = '/services/collector/event';
    return context.send({
      url: target.href,
      headers: { authorization: `Splunk ${token}` },
      body: encode(message, context.now(), { host, source, index }),
    });
  },
} satisfies Hook<z.infer<typeof options>>;

export default splunk;
