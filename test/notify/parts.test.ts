import { expect, it } from 'vitest';
import { composeMessage } from '../../src/notify/message.ts';
import { inParts } from '../../src/notify/parts.ts';
import { findingOf, messageOf } from './findings.ts';

const input = { commit: 'c'.repeat(40), subject: 'aws: 250 changed', kind: 'changes' as const, link: 'drifttrail report', all: true };
const findings = Array.from({ length: 250 }, (_, index) => findingOf({ id: `f-${String(index).padStart(4, '0')}`, score: index % 100 }));
const whole = composeMessage({ ...input, findings });

it('has every finding once, in order, in parts of a hundred with ids of their own that stay', () => {
  const parts = inParts(whole ?? messageOf());
  expect(parts.map((part) => part.findings.length)).toEqual([100, 100, 50]);
  expect(parts.flatMap((part) => part.findings.map(({ id }) => id))).toEqual(whole?.findings.map(({ id }) => id));
  expect(new Set(whole?.findings.map(({ id }) => id)).size).toBe(250);
  expect(parts.map(({ more, title }) => [more, title])).toEqual(parts.map(() => [0, 'HIGH: 250 changes']));
  const ids = parts.map(({ id }) => id);
  expect(new Set(ids).size).toBe(3);
  expect(inParts(composeMessage({ ...input, findings: [...findings].reverse() }) ?? messageOf()).map(({ id }) => id)).toEqual(ids);
});

it('is the same message when one part is enough, and one part when there is nothing in it', () => {
  const message = messageOf({ findings: [findingOf()] });
  expect(inParts(message)).toEqual([message]);
  expect(inParts(messageOf({ findings: [] }))).toHaveLength(1);
});

it('carries no resource as a whole, and no value longer than a record has room for', () => {
  const { change } = findingOf();
  if (change === undefined) throw new Error('the ordinary finding is a change');
  const edits = [{ path: '/x', before: 'x'.repeat(10_000), after: { y: 'y'.repeat(10_000) } }];
  const big = findingOf({ change: { ...change, before: { x: 'x'.repeat(10_000) }, after: {}, edits } });
  const [part] = inParts(messageOf({ findings: [{ ...big, parts: [big] }] }));
  expect(JSON.stringify(part).length).toBeLessThan(20_000);
  expect(part?.findings[0]?.change).not.toHaveProperty('before');
  expect(part?.findings[0]?.change?.edits[0]?.before).toMatch(/^x{3999}…$/);
});
