/** The recorded terminal session, as it stands in docs/; test/scripts/terminal-session.integration.test.ts records it anew. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { spansOf, svgOf, wrapped } from '../../scripts/terminal-svg.mjs';

const docs = (name: string) => readFileSync(new URL(`../../docs/${name}`, import.meta.url), 'utf8');

test('the cast is asciicast v2 in the order of time, and tells of the recorded account alone', () => {
  const [header, ...events] = docs('session.cast')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
  expect(header).toMatchObject({ version: 2, width: expect.any(Number), height: expect.any(Number) });
  const times = (events as [number, string, string][]).map(([time]) => time);
  expect(times).toEqual([...times].sort((a, b) => a - b));
  const text = (events as [number, string, string][]).map(([, , said]) => said).join('');
  for (const command of ['report', 'timeline', 'why', 'show', 'undo']) expect(text).toContain(`$\u001b[39m drifttrail ${command}`);
  expect(text).toContain('DevOpsEngineer1');
  expect(text).not.toMatch(/\/(?:tmp|home|root|work|usr)\//);
});

test('the picture is small and needs nothing else', () => {
  const svg = docs('images/session.svg');
  expect(svg.length).toBeLessThan(200_000);
  expect(svg).not.toMatch(/<script|<image|href=|url\(|@import/);
});

test('colours become classes, long lines go on in the next, and text is never markup', () => {
  const lines = spansOf('\u001b[1m\u001b[31mHIGH\u001b[39m\u001b[22m rest\nplain');
  expect(lines).toEqual([
    [
      { text: 'HIGH', classes: ['b', 'r'] },
      { text: ' rest', classes: [] },
    ],
    [{ text: 'plain', classes: [] }],
  ]);
  expect(wrapped(lines, 6).map((row) => row.map(({ text }) => text).join(''))).toEqual(['HIGH r', 'est', 'plain']);
  expect(svgOf(['<b>&"'], { columns: 20, rows: 2, seconds: 1, label: '"' })).toContain('&lt;b&gt;&amp;&quot;');
});
