/** Every rule of the host exporter agrees with its own examples and judges kinds that exist. */
import { expect, it } from 'vitest';
import host from '../../../exporters/host/index.ts';
import { loadRules } from '../../../src/rank/rules.ts';
import { verifyRules } from '../../../src/rank/verify.ts';

it('holds its examples', async () => {
  const rules = await loadRules([host.rules ?? '']);
  expect(rules.rules.length).toBeGreaterThanOrEqual(25);
  expect(verifyRules(rules)).toEqual([]);
  expect(rules.rules.flatMap((rule) => rule.kinds).filter((kind) => host.kinds[kind] === undefined)).toEqual([]);
});
