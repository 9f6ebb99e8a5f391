import { expect, it } from 'vitest';
import type { Finding } from '../../src/model.ts';
import { compareFindings, countLevels } from '../../src/report/order.ts';

const finding = (id: string, level: Finding['level'], score: number, ignored?: string): Finding => ({
  id,
  commit: 'c',
  window: { from: '', to: '' },
  attribution: { status: 'pending', events: [], edits: {}, because: '' },
  level,
  score,
  rules: [],
  reasons: [],
  ...(ignored === undefined ? {} : { ignored }),
});

it('what is set aside comes last, however bad, and is not counted', () => {
  const findings = [finding('a', 'critical', 95, 'agreed'), finding('b', 'low', 20), finding('c', 'high', 80)];
  expect([...findings].sort(compareFindings).map(({ id }) => id)).toEqual(['c', 'b', 'a']);
  expect(countLevels(findings)).toEqual({ critical: 0, high: 1, medium: 0, low: 1, info: 0 });
});
