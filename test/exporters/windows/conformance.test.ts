/** Answers written after Microsoft's documentation become the expected files; order and what changes by itself do not show. */
import { conformance } from 'drifttrail/testing';
import { describe, expect, it } from 'vitest';
import exporter from '../../../exporters/windows/index.ts';
import { loadRules } from '../../../src/rank/rules.ts';
import { verifyRules } from '../../../src/rank/verify.ts';
import { first, player } from './play.ts';

conformance(
  exporter,
  [
    {
      name: 'first',
      folder: first,
      options: () => ({ hosts: ['win01'] }),
      surroundings: (recording) => ({ spawn: player(recording) }),
    },
  ],
  { describe, it, expect },
);

it('holds the examples of its rules', async () => {
  const rules = await loadRules([exporter.rules ?? '']);
  expect(rules.rules.length).toBeGreaterThanOrEqual(12);
  expect(verifyRules(rules)).toEqual([]);
  expect(rules.rules.flatMap((rule) => rule.kinds).filter((kind) => exporter.kinds[kind] === undefined)).toEqual([]);
});
