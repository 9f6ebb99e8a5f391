import { existsSync, readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { loadRules } from '../../src/rank/rules.ts';
import { verifyRules } from '../../src/rank/verify.ts';

const SHIPPED = readdirSync(new URL('../../exporters/', import.meta.url)).filter((name) =>
  existsSync(new URL(`../../exporters/${name}/rules/`, import.meta.url)),
);

test.each(SHIPPED)('every shipped rule of %s agrees with its own examples', async (name) => {
  const rules = await loadRules([new URL(`../../exporters/${name}/rules/`, import.meta.url)]);
  expect(verifyRules(rules).map(({ message }) => message)).toEqual([]);
  expect(rules.rules.length).toBeGreaterThanOrEqual(name === 'aws' || name === 'host' ? 50 : 1);
});
