import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { align } from '../../src/diff/align.ts';
import { applyText, diffText } from '../../src/diff/text.ts';

const text = fc.array(fc.constantFrom('a', 'b', 'c', '', ' ', 'x\r'), { maxLength: 30 }).map((lines) => lines.join('\n'));

describe('diffText', () => {
  it('gives edits that lead from the one to the other', () => {
    fc.assert(
      fc.property(text, text, (before, after) => {
        expect(applyText(diffText(before, after), before)).toBe(after);
      }),
      { numRuns: 3000 },
    );
  });

  it('says nothing about equal texts', () => {
    expect(diffText('a\nb\n', 'a\nb\n')).toEqual([]);
  });

  it('shows a lost last newline', () => {
    expect(diffText('a\n', 'a')).toEqual([{ path: '/lines/2', before: '', after: null }]);
  });

  it('gives the run of lines at its place in the new text', () => {
    expect(diffText('a\nb\nc\n', 'a\nB\nB2\nc\n')).toEqual([{ path: '/lines/2', before: 'b', after: 'B\nB2' }]);
  });

  it('finds scattered changes in a long text', () => {
    const before = Array.from({ length: 60_000 }, (_, index) => (index % 3 === 0 ? '' : `line ${index}`));
    const after = before.map((line, index) => (index % 1000 === 1 ? `${line} changed` : line));
    after.splice(30_000, 0, 'one more');
    const edits = diffText(before.join('\n'), after.join('\n'));
    expect(edits.length).toBe(61);
    expect(applyText(edits, before.join('\n'))).toBe(after.join('\n'));
  });

  it('aligns long texts of repeated lines without losing any', () => {
    fc.assert(
      fc.property(fc.infiniteStream(fc.integer({ min: 0, max: 40 })), (stream) => {
        const before = [...stream.take(4000)].map(String);
        const after = before.filter((_, index) => index % 97 !== 0).concat('end');
        expect(applyText(diffText(before.join('\n'), after.join('\n')), before.join('\n'))).toBe(after.join('\n'));
      }),
      { numRuns: 5 },
    );
  });
});

describe('align', () => {
  it('gives disjoint hunks in order', () => {
    const before = Array.from({ length: 5000 }, (_, index) => `u${index}`);
    const after = [...before.slice(2500), ...before.slice(0, 2500)];
    const hunks = align(before, after);
    for (const [index, hunk] of hunks.entries()) {
      const last = hunks[index - 1];
      if (last) expect(hunk.beforeStart >= last.beforeEnd && hunk.afterStart >= last.afterEnd).toBe(true);
    }
    expect(hunks.length).toBe(2);
  });
});
