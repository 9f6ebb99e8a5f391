import { describe, expect, it } from 'vitest';
import { cut, wrap } from '../../src/report/clean.ts';
import { renderFinding, renderText } from '../../src/report/text.ts';
import { characters, widthOf } from '../../src/report/width.ts';
import { findingOf } from '../notify/findings.ts';

const FAMILY = '👩‍👩‍👧';

describe('the width of text', () => {
  it.each([
    ['plain', 5],
    ['größe', 5],
    ['gro\u0308ße', 5],
    ['路由表', 6],
    ['ｆｕｌｌ', 8],
    ['ｶﾞ', 2],
    ['한국어', 6],
    ['🚀', 2],
    [FAMILY, 2],
    ['🇩🇪', 2],
    ['✔︎', 1],
    ['✔️', 2],
    ['e\u0301\u0323', 1],
    ['', 0],
  ])('of %s is %i', (text, width) => {
    expect(widthOf(text)).toBe(width);
  });

  it.each([1, 2, 3, 7, 20])('is kept by a cut to %i columns, which splits no character', (columns) => {
    for (const text of ['路由表路由表路由表', FAMILY.repeat(12), 'gro\u0308ße '.repeat(9), 'plain text that is long', `a${FAMILY}b`]) {
      const short = cut(text, columns);
      expect(widthOf(short)).toBeLessThanOrEqual(columns);
      const kept = short.replace(/…$/, '');
      expect([...characters(text)].slice(0, [...characters(kept)].length).join('')).toBe(kept);
      if (short !== text) expect(short).toMatch(/…$/);
    }
    expect(cut('路', 2)).toBe('路');
  });

  it.each([20, 40, 80])('is kept by lines of %i columns, which lose nothing', (columns) => {
    for (const text of ['安全组对整个互联网开放了端口二十二'.repeat(9), `${FAMILY} `.repeat(60), 'words of several lengths '.repeat(9)]) {
      const lines = wrap(text, columns, '    ', '  ');
      for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(columns);
      expect(
        lines
          .map((line) => line.trim())
          .join('')
          .replaceAll(' ', ''),
      ).toBe(text.replaceAll(' ', ''));
    }
  });
});

describe('the report at 80 columns', () => {
  const options = { colour: false, width: 80 };
  const named = (name: string) => {
    const { change, ...finding } = findingOf({ reasons: [`the default route of ${name} is gone`], undo: [`restore '${name}'`] });
    return { ...finding, ...(change && { change: { ...change, name, ref: { ...change.ref, id: name } } }) };
  };

  it('fits names of two columns a letter', () => {
    const lines = renderFinding({ ...named('生产环境路由表'.repeat(6)), undo: [] }, options);
    for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(80);
  });

  it('is not filled by one name', () => {
    const lines = renderFinding(named('n'.repeat(5000)), options);
    expect(lines.length).toBeLessThan(20);
    expect(lines.join('\n')).toContain('undo: drifttrail undo f-000000000001');
    const window = { from: '2026-01-14T15:00:00Z', to: '2026-01-14T16:00:00Z' };
    const report = { findings: [named('a'), named('b')], gaps: [], unmapped: [], window, generatedAt: window.to };
    const text = renderText(report, { ...options, max: 1, rest: `drifttrail report --since ${'x'.repeat(40)} --until now` });
    for (const line of text.split('\n')) expect(widthOf(line)).toBeLessThanOrEqual(80);
  });
});
