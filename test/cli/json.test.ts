/** JSON goes out in pieces, and is the same as in one. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { outJson, type Session } from '../../src/cli/session.ts';

async function printed(value: object): Promise<{ text: string; longest: number }> {
  const pieces: string[] = [];
  await outJson({ write: async (text: string) => void pieces.push(text) } as unknown as Session, value);
  return { text: pieces.join(''), longest: Math.max(...pieces.map(({ length }) => length)) };
}

test('the text is what JSON.stringify gives', async () => {
  const json = fc.oneof(
    fc.object({ values: [fc.string(), fc.integer(), fc.constant(null), fc.boolean(), fc.constant(undefined)] }),
    fc.array(fc.jsonValue()),
  );
  await fc.assert(
    fc.asyncProperty(json, async (value) => {
      expect((await printed(value)).text).toBe(`${JSON.stringify(value, null, 2)}\n`);
    }),
  );
});

test('a long list is never held as one text', async () => {
  const findings = Array.from({ length: 5000 }, (_, index) => ({ id: `f-${index}`, reasons: ['x'.repeat(100)] }));
  const { text, longest } = await printed({ schemaVersion: 1, findings, gaps: [] });
  expect(JSON.parse(text)).toEqual({ schemaVersion: 1, findings, gaps: [] });
  expect(longest).toBeLessThan(70_000);
});
