import { expect, it } from 'vitest';
import { encode as encodeHec } from '../../hooks/splunk-hec/encode.ts';
import { encode as encodeWebhook } from '../../hooks/webhook/encode.ts';
import { findingData } from '../../hooks/_message/describe.ts';
import { messageOf, poisoned } from '../notify/findings.ts';
import { textsOf } from './context.ts';

const VALUE = 'a\ud800b \u001b[31m \u202e \u{1f600}';

it('is data that UTF-8 can hold, and else the true value', () => {
  const data = findingData(poisoned(VALUE), 1000);
  for (const text of textsOf(data)) expect(text).not.toMatch(/\p{Surrogate}/u);
  expect(data).toMatchObject({ resource: { id: 'begin a\ufffdb \u001b[31m \u202e \u{1f600} end' } });
  const [edit] = (data as unknown as { edits: { after: object }[] }).edits;
  expect(Object.keys(edit?.after ?? {})).toEqual(['begin a\ufffdb \u001b[31m \u202e \u{1f600} end']);
});

it('goes so to a webhook and to Splunk', () => {
  const message = messageOf({ findings: [poisoned(VALUE)] });
  const hec = encodeHec(message, new Date('2026-01-14T12:00:00Z'), { host: 'h', source: 'drifttrail' });
  for (const body of [hec, JSON.stringify(encodeWebhook(message, 'drifttrail', '2026-01-14T12:00:00Z'))]) {
    expect(body).toContain('a\ufffdb');
    expect(body).not.toMatch(/\\ud[89a-f][0-9a-f]{2}/i);
  }
});
