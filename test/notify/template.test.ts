import { expect, it } from 'vitest';
import { unknownName, withTitle } from '../../src/notify/template.ts';
import { findingOf, messageOf, PAYLOADS } from './findings.ts';

it('replaces names by what they stand for', () => {
  const { title } = withTitle(messageOf({ more: 4 }), '{{level}} {{ count }} {{resource}} in {{scope}} by {{actor}}: {{commit}}');
  expect(title).toBe('high 5 rtb-0a1 in aws/123456789012/eu-west-1 by alice: aaaaaaaaaaaa');
});

it('leaves the title as it is without a template, and when nothing is left of it', () => {
  expect(withTitle(messageOf(), undefined).title).toBe('HIGH: 1 change');
  expect(withTitle(messageOf({ findings: [] }), '{{level}}').title).toBe('HIGH: 1 change');
});

it.each([...PAYLOADS, '{{title}}', '{{constructor}}'])('%j in a name is not looked at again, and stays one harmless line', (payload) => {
  const ref = { scope: payload, kind: 'k', id: payload };
  const finding = findingOf({ change: { type: 'modified', ref, path: 'x', edits: [] } });
  const { title } = withTitle(messageOf({ findings: [finding], title: 'SECRET' }), 'x {{resource}}');
  expect(title).not.toContain('SECRET');
  expect(title).not.toMatch(/[\n\r\u202e]|\p{Cc}/u);
});

it('knows its names', () => {
  expect(unknownName('{{level}} {{ actr }}')).toBe('actr');
  expect(unknownName('{{constructor}}')).toBe('constructor');
  expect(unknownName('no {names} here')).toBeUndefined();
});
