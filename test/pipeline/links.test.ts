import { expect, test } from 'vitest';
import { linkTo } from '../../src/pipeline/links.ts';

const one = { id: 'f-000000000001', commit: 'a'.repeat(40) };
const two = { id: 'f-000000000002', commit: 'a'.repeat(40) };

test('a message links to the page of the only finding, or of the commit; without a dashboard it names the command', () => {
  expect(linkTo('https://drift.example.com', [one])).toBe('https://drift.example.com/findings/f-000000000001');
  expect(linkTo('https://drift.example.com', [one, two])).toBe('https://drift.example.com/commits/aaaaaaaaaaaa');
  expect(linkTo('https://drift.example.com', [{ ...one, commit: null }, two])).toBe('https://drift.example.com/findings/f-000000000001');
  expect(linkTo(undefined, [one, two])).toBe('drifttrail show aaaaaaaaaaaa');
  expect(linkTo(undefined, [{ ...one, commit: null }])).toBe('drifttrail show f-000000000001');
});
