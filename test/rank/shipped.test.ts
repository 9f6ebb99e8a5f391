import { expect, test } from 'vitest';
import { loadRules } from '../../src/rank/rules.ts';
import { verifyRules } from '../../src/rank/verify.ts';

test.each(['aws', 'host', '_template'])('every shipped rule of %s agrees with its own examples', async (name) => {
  const rules = await loadRules([new URL(`../../exporters/${name}/rules/`, import.meta.url)]);
  expect(verifyRules(rules).map(({ message }) => message)).toEqual([]);
  expect(rules.rules.length).toBeGreaterThanOrEqual(name === '_template' ? 1 : 50);
});
