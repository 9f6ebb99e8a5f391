import { describe, expect, it } from 'vitest';
import { encode } from '../../hooks/pagerduty/encode.ts';
import pagerduty from '../../hooks/pagerduty/index.ts';
import type { Message } from '../../src/model.ts';
import { findingOf, messageOf, nastiest } from '../notify/findings.ts';
import { contextOf, textsOf, UNSEEN } from './context.ts';

const KEY = 'R0123456789abcdefABCDEF012345678';
const NOW = '2026-01-14T12:00:00.000Z';
const call = (overrides: Partial<Message>, level: 'high' | 'low' = 'high') =>
  encode(messageOf({ findings: [findingOf({ level })], ...overrides }), KEY, 'high', NOW);

describe('pagerduty', () => {
  it('triggers from its level on, with the finding as the key, and resolves the same key', () => {
    expect(call({})).toMatchObject({
      path: '/v2/enqueue',
      body: {
        routing_key: KEY,
        event_action: 'trigger',
        dedup_key: 'drifttrail/f-000000000001',
        payload: { severity: 'error', source: 'aws/123456789012/eu-west-1', timestamp: '2026-01-14T15:02:03.000Z' },
      },
    });
    expect(call({ kind: 'resolve' })).toEqual({
      path: '/v2/enqueue',
      body: { routing_key: KEY, event_action: 'resolve', dedup_key: 'drifttrail/f-000000000001' },
    });
  });

  it.each([
    ['what is below its level', 'changes', 'low'],
    ['what is below its level and put back', 'resolve', 'low'],
    ['a follow-up, which must not open a second incident', 'follow-up', 'high'],
    ['a test', 'test', 'high'],
  ] as const)('sends %s as a change event', (_what, kind, level) => {
    const { path, body } = call({ kind }, level);
    expect(path).toBe('/v2/change/enqueue');
    expect(body).not.toHaveProperty('event_action');
    expect(body).toMatchObject({ routing_key: KEY, payload: { summary: expect.any(String) } });
  });

  it('tests without a finding', () => {
    expect(encode(messageOf({ kind: 'test', findings: [], title: 'drifttrail test message' }), KEY, 'high', NOW)).toMatchObject({
      path: '/v2/change/enqueue',
      body: { payload: { summary: expect.stringContaining('drifttrail test message'), source: 'drifttrail', timestamp: NOW } },
    });
  });

  it.each(['changes', 'follow-up'] as const)('keeps to the limits with the largest and nastiest message as %s', (kind) => {
    const { body } = encode({ ...nastiest(), kind, link: `https://x/${'y'.repeat(5000)}` }, KEY, 'info', NOW);
    const { payload, dedup_key: key = '' } = body as { payload: { summary: string; source: string }; dedup_key?: string };
    expect(payload.summary.length).toBeLessThanOrEqual(1024);
    expect(payload.source.length).toBeLessThanOrEqual(255);
    expect(key.length).toBeLessThanOrEqual(255);
    expect(Buffer.byteLength(JSON.stringify(body))).toBeLessThanOrEqual(512 * 1024);
    expect(payload.summary).not.toMatch(UNSEEN);
    expect(textsOf(body).join('')).not.toContain('ASIACREDENTIAL');
  });

  it('wants a key of 32 characters and posts beneath its address', async () => {
    expect(pagerduty.options.safeParse({ routingKey: 'short' }).success).toBe(false);
    const context = contextOf(pagerduty.options.parse({ routingKey: KEY, url: 'https://events.eu.pagerduty.com' }));
    await pagerduty.deliver(messageOf(), AbortSignal.timeout(1000), context);
    expect(context.sent.map(({ url }) => url)).toEqual(['https://events.eu.pagerduty.com/v2/enqueue']);
  });

  it('answers an incident with a note beside it, and nothing else', async () => {
    const notes = { token: 'u+abcdefghijklmnop', from: 'ops@example.com', url: 'https://api.pagerduty.com' };
    const parsed = (more: object) => pagerduty.options.parse({ routingKey: KEY, ...more });
    const context = contextOf(parsed({ notes: { token: notes.token, from: notes.from } }));
    const answer = messageOf({ ...nastiest(), kind: 'answer', title: 'Before “HTTP 5xx”', incident: 'PT4/../KHLK' });
    expect(await pagerduty.answer(answer, AbortSignal.timeout(1000), context)).toMatchObject({ status: 'delivered' });
    const [sent] = context.sent;
    expect(sent).toMatchObject({
      url: 'https://api.pagerduty.com/incidents/PT4%2F..%2FKHLK/notes',
      headers: { authorization: `Token token=${notes.token}`, accept: 'application/vnd.pagerduty+json;version=2', from: notes.from },
    });
    const { note } = JSON.parse(sent?.body ?? '{}') as { note: { content: string } };
    expect(note.content.startsWith('drifttrail: Before “HTTP 5xx”\n')).toBe(true);
    expect(note.content.length).toBeLessThanOrEqual(8000);
    expect(note.content).not.toMatch(UNSEEN);

    const without = contextOf(parsed({}));
    expect(await pagerduty.answer(answer, AbortSignal.timeout(1000), without)).toMatchObject({ status: 'rejected' });
    expect(without.sent).toEqual([]);
  });
});
