/** Each outlet that speaks HTTP, through the real sender, to a receiver that checks what the service publishes and refuses the rest. */
import { afterEach, describe, expect, it } from 'vitest';
import discord from '../../hooks/discord/index.ts';
import mattermost from '../../hooks/mattermost/index.ts';
import opsgenie from '../../hooks/opsgenie/index.ts';
import pagerduty from '../../hooks/pagerduty/index.ts';
import rocketchat from '../../hooks/rocketchat/index.ts';
import slack from '../../hooks/slack/index.ts';
import splunk from '../../hooks/splunk-hec/index.ts';
import teams from '../../hooks/teams/index.ts';
import webhook, { signature } from '../../hooks/webhook/index.ts';
import type { Hook, Message } from '../../src/model.ts';
import { messageOf, nastiest } from '../notify/findings.ts';
import { type Call, deliverTo, type Receiver, receiver } from './receivers.ts';

const KEY = 'R0123456789abcdefABCDEF012345678';
const SECRET = 's'.repeat(32);
const body = ({ body: text }: Call) => JSON.parse(text) as Record<string, unknown>;
const charset = ({ headers }: Call) => String(headers['content-type']).includes('charset=utf-8');

interface Outlet {
  readonly name: string;
  readonly hook: Hook<never>;
  readonly options: (url: string) => object;
  /** Whether the service would take it. */
  readonly takes: (call: Call) => boolean;
  readonly status: number;
}
const outlet = <Options>(name: string, hook: Hook<Options>, options: Outlet['options'], takes: Outlet['takes'], status = 200): Outlet => ({
  name,
  hook: hook as unknown as Hook<never>,
  options,
  takes,
  status,
});

const OUTLETS: readonly Outlet[] = [
  outlet(
    'slack',
    slack,
    (url) => ({ url }),
    (call) => {
      const { text, blocks } = body(call) as { text?: string; blocks: unknown[] };
      return typeof text === 'string' && blocks.length <= 50 && call.body.length < 30_000;
    },
  ),
  outlet(
    'teams',
    teams,
    (url) => ({ url }),
    (call) => charset(call) && Buffer.byteLength(call.body) <= 28_000 && body(call)['type'] === 'message',
    202,
  ),
  outlet(
    'discord',
    discord,
    (url) => ({ url }),
    (call) => {
      const { embeds } = body(call) as { embeds: { title: string; description: string; footer?: { text: string } }[] };
      const sum = embeds.reduce(
        (all, { title, description, footer }) => all + title.length + description.length + (footer?.text.length ?? 0),
        0,
      );
      return embeds.length <= 10 && sum <= 6000;
    },
    204,
  ),
  outlet(
    'mattermost',
    mattermost,
    (url) => ({ url }),
    (call) => String(body(call)['text']).length <= 16_383,
  ),
  outlet(
    'rocketchat',
    rocketchat,
    (url) => ({ url }),
    (call) => String(body(call)['text']).length <= 5000,
  ),
  outlet(
    'pagerduty',
    pagerduty,
    (url) => ({ url, routingKey: KEY }),
    (call) => {
      const { routing_key: key, payload } = body(call) as { routing_key: string; payload?: { summary: string } };
      return (
        /^\/v2\/(?:change\/)?enqueue$/.test(call.path) &&
        key === KEY &&
        (payload?.summary.length ?? 0) <= 1024 &&
        Buffer.byteLength(call.body) <= 512 * 1024
      );
    },
    202,
  ),
  outlet(
    'opsgenie',
    opsgenie,
    (url) => ({ url, apiKey: 'k-123456' }),
    (call) => {
      return (
        call.headers['authorization'] === 'GenieKey k-123456' && call.path === '/v2/alerts' && String(body(call)['message']).length <= 130
      );
    },
    202,
  ),
  outlet(
    'splunk-hec',
    splunk,
    (url) => ({ url, token: 't-123456' }),
    (call) => {
      return (
        call.path === '/services/collector/event' &&
        call.headers['authorization'] === 'Splunk t-123456' &&
        call.body.startsWith('{') &&
        Buffer.byteLength(call.body) <= 1_000_000
      );
    },
  ),
  outlet(
    'webhook',
    webhook,
    (url) => ({ url, secret: SECRET }),
    (call) => {
      const { headers } = call;
      const signed = headers['x-drifttrail-signature'] === signature(SECRET, String(headers['x-drifttrail-timestamp']), call.body);
      return signed && headers['idempotency-key'] === body(call)['id'] && Buffer.byteLength(call.body) <= 64 * 1024;
    },
  ),
];

const open: Receiver[] = [];
afterEach(() => {
  for (const { close } of open.splice(0)) close();
});
const listening = async (answer: Parameters<typeof receiver>[0]) => {
  const opened = await receiver(answer);
  open.push(opened);
  return opened;
};

describe.each(OUTLETS)('$name', ({ hook, options, takes, status }) => {
  const send = (url: string, message: Message) => deliverTo(hook, options(url), message);

  it('sends what the service takes, be it ordinary, a test, or the largest and nastiest', async () => {
    const { url, calls } = await listening((call) => ({ status: takes(call) ? status : 400 }));
    const bad = nastiest();
    const nasty = hook.each === true ? { ...bad, findings: bad.findings.slice(0, 1), more: 0 } : bad;
    for (const message of [messageOf(), messageOf({ kind: 'test', findings: [], commit: null }), nasty])
      expect(await send(url, message), message.kind).toMatchObject({ status: 'delivered' });
    expect(calls).toHaveLength(3);
  });

  it.each([
    [429, { 'retry-after': '3' }, { status: 'retry', retryAfter: 3000 }],
    [500, {}, { status: 'retry' }],
    [400, {}, { status: 'rejected' }],
  ] as const)('takes %i for what it means', async (answered, headers, receipt) => {
    const { url } = await listening(() => ({ status: answered, headers, body: 'no' }));
    expect(await send(url, messageOf())).toMatchObject(receipt);
  });
});
