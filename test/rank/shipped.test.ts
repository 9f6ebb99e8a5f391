import { expect, test } from 'vitest';
import { loadRules } from '../../src/rank/rules.ts';
import { verifyRules } from '../../src/rank/verify.ts';

const shipped = new URL('../../exporters/aws/rules/', import.meta.url);

test('every shipped rule agrees with its own examples', async () => {
  const rules = await loadRules([shipped]);
  expect(verifyRules(rules).map(({ message }) => message)).toEqual([]);
  expect(rules.rules.length).toBeGreaterThanOrEqual(60);
});
