import { expect, it } from 'vitest';
import { encode } from '../../hooks/opsgenie/encode.ts';
import opsgenie from '../../hooks/opsgenie/index.ts';
import { messageOf, nastiest } from '../notify/findings.ts';
import { contextOf, textsOf, UNSEEN } from './context.ts';

it('opens an alert under the finding, notes who did it, and closes it', () => {
  expect(encode(messageOf())).toMatchObject({ path: '/v2/alerts', body: { alias: 'drifttrail/f-000000000001', priority: 'P2' } });
  const of = 'drifttrail%2Ff-000000000001';
  expect(encode(messageOf({ kind: 'follow-up' })).path).toBe(`/v2/alerts/${of}/notes?identifierType=alias`);
  expect(encode(messageOf({ kind: 'resolve' })).path).toBe(`/v2/alerts/${of}/close?identifierType=alias`);
  expect(encode(messageOf({ kind: 'test', findings: [] })).body).toMatchObject({ priority: 'P5' });
});

it.each(['changes', 'follow-up', 'resolve'] as const)('keeps to the limits with the largest and nastiest message as %s', (kind) => {
  const bad = nastiest();
  const { body } = encode({ ...bad, kind, findings: bad.findings.slice(0, 1) });
  const {
    message = '',
    alias = '',
    description = '',
    note = '',
    entity = '',
    tags = [],
    details = {},
  } = body as Record<string, string> & { tags?: string[] };
  expect(message.length).toBeLessThanOrEqual(130);
  expect(alias.length).toBeLessThanOrEqual(512);
  expect(entity.length).toBeLessThanOrEqual(512);
  expect(description.length).toBeLessThanOrEqual(15_000);
  expect(note.length).toBeLessThanOrEqual(25_000);
  expect([...tags].every((tag) => tag.length <= 50) && tags.length <= 20).toBe(true);
  expect(JSON.stringify(details).length).toBeLessThanOrEqual(8000);
  for (const text of textsOf(body)) expect(text).not.toMatch(UNSEEN);
});

it('shows its key to the server alone', async () => {
  const context = contextOf(opsgenie.options.parse({ apiKey: 'k-1' }));
  await opsgenie.deliver(messageOf(), AbortSignal.timeout(1000), context);
  expect(context.sent).toMatchObject([{ url: 'https://api.opsgenie.com/v2/alerts', headers: { authorization: 'GenieKey k-1' } }]);
});
