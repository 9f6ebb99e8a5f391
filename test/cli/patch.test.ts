import { expect, test } from 'vitest';
import { drawPatch } from '../../src/cli/patch.ts';

const patch = (lines: number) =>
  `commit 0\n\n    a subject\n\ndiff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1,${lines} @@\n-old\n${'+new\n'.repeat(lines)}`;
const plain = { terminal: false, colour: false };

test('begins with the diff and is whole where a program reads it', () => {
  const drawn = drawPatch(patch(1000), plain, 'git show 0');
  expect(drawn).toMatch(/^diff --git a\/x b\/x\n/);
  expect(drawn.split('\n')).toHaveLength(1005);
});

test('is cut on a terminal, with the command that shows the rest', () => {
  const lines = drawPatch(patch(1000), { terminal: true, colour: false }, 'git show 0').split('\n');
  expect(lines).toHaveLength(401);
  expect(lines.at(-1)).toBe('… 605 more lines: git show 0');
});

test('colours lines, and lets no captured text steer the terminal', () => {
  expect(drawPatch(patch(1), { terminal: true, colour: true }, '')).toContain('\u001b[31m-old\u001b[39m\n\u001b[32m+new\u001b[39m');
  expect(drawPatch('diff --git a/x b/x\n+\u001b[2J', plain, '')).toBe('diff --git a/x b/x\n+\\u{1b}[2J');
});

test('a commit without a change of files has no diff', () => expect(drawPatch('commit 0\n\n    subject\n', plain, '')).toBe(''));
