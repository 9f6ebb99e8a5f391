import { expect, it } from 'vitest';
import { encode } from '../../hooks/splunk-hec/encode.ts';
import splunk from '../../hooks/splunk-hec/index.ts';
import { findingOf, messageOf, nastiest } from '../notify/findings.ts';
import { contextOf } from './context.ts';

const NOW = new Date('2026-01-14T12:00:00Z');
const FIELDS = { host: 'h', source: 'drifttrail' };

it('writes objects back to back, each at the time of its event', () => {
  const body = encode(messageOf({ findings: [findingOf(), findingOf({ id: 'f-2' })] }), NOW, { ...FIELDS, index: 'ops' });
  const objects = body.split('}{').map((part, index, all) => `${index === 0 ? '' : '{'}${part}${index === all.length - 1 ? '' : '}'}`);
  expect(objects.map((text) => JSON.parse(text) as object)).toMatchObject([
    {
      time: 1768402923,
      host: 'h',
      index: 'ops',
      sourcetype: 'drifttrail:finding',
      event: { id: 'f-000000000001', threat: { level: 'high' } },
    },
    { event: { id: 'f-2', message: 'm-0123456789abcdef' } },
  ]);
});

it('keeps to 900 kB, and to itself what is never printed, with the largest and nastiest message', () => {
  const body = encode(nastiest(), NOW, FIELDS);
  expect(Buffer.byteLength(body)).toBeLessThanOrEqual(900_000);
  expect(body).not.toContain('ASIACREDENTIAL');
});

it('keeps to 900 kB, and names each, with thirty of the largest and nastiest', () => {
  const [worst = findingOf()] = nastiest().findings;
  const change = worst.change && { ...worst.change, edits: worst.change.edits.slice(0, 9) };
  const reasons = Array.from({ length: 30 }, () => '改'.repeat(1000));
  const findings = Array.from({ length: 30 }, (_, index) => ({ ...worst, ...(change && { change }), reasons, id: `f-${index}` }));
  const body = encode({ ...nastiest(), findings }, NOW, FIELDS);
  expect(Buffer.byteLength(body)).toBeLessThanOrEqual(900_000);
  expect(body.match(/"id":"f-\d+"/g)).toHaveLength(30);
});

it('gives a large finding the room that small ones leave', () => {
  const edits = Array.from({ length: 20 }, (_, index) => ({ path: `/${index}`, before: 'x'.repeat(3000), after: null }));
  const { change } = findingOf();
  const large = findingOf({ id: 'f-large', ...(change && { change: { ...change, edits } }) });
  const body = encode(messageOf({ findings: [large, ...Array.from({ length: 99 }, () => findingOf())] }), NOW, FIELDS);
  expect(body).toContain(JSON.stringify(edits.at(-1)));
});

it('adds the path of the collector when the address has none', async () => {
  for (const [url, wanted] of [
    ['https://s.example:8088', 'https://s.example:8088/services/collector/event'],
    ['https://s.example/own', 'https://s.example/own'],
  ]) {
    const context = contextOf(splunk.options.parse({ url, token: 't-1' }));
    await splunk.deliver(messageOf({ kind: 'test', findings: [] }), AbortSignal.timeout(1000), context);
    expect(context.sent).toMatchObject([{ url: wanted, headers: { authorization: 'Splunk t-1' } }]);
  }
});
