/** The documents name files that exist. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '..');
const DOCUMENTS = [
  'README.md',
  'ARCHITECTURE.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'docs/rules.md',
  'docs/trails.md',
  'docs/outlets.md',
  'docs/performance.md',
  'docs/dashboard.md',
];
const CODE = ['src', 'exporters', 'hooks', 'trails', 'scripts', 'snapshots-template'];

const files = CODE.flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((name) => `${folder}/${name}`),
);

/** `src/run.ts`, `trails/lookup-events/`, and bare names such as `match.ts`; what holds a placeholder is no path. */
function pathsIn(text: string): string[] {
  const spans = [...text.matchAll(/`([^`\n]+)`/g)].map(([, span = '']) => span);
  return spans.filter(
    (span) => /^[\w./-]+$/.test(span) && (/\.(ts|mjs|yaml)$/.test(span) || CODE.some((folder) => span.startsWith(`${folder}/`))),
  );
}

test.each(['ARCHITECTURE.md', 'CONTRIBUTING.md'])('%s: every path and every file name is that of a file', (document) => {
  const named = pathsIn(readFileSync(join(ROOT, document), 'utf8')).filter((path) => !/shelf|drifttrail\.yaml/.test(path));
  expect(named.length).toBeGreaterThan(3);
  const somewhere = (name: string) => !name.includes('/') && files.some((file) => file.endsWith(`/${name}`));
  const lost = named.filter((path) => !existsSync(join(ROOT, path)) && !somewhere(path));
  expect(lost).toEqual([]);
});

test.each(DOCUMENTS)('%s: every link leads to a file', (document) => {
  const text = readFileSync(join(ROOT, document), 'utf8');
  const links = [...text.matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)].map(([, link = '']) => link);
  expect(links.filter((link) => !existsSync(join(ROOT, dirname(document), link)))).toEqual([]);
});
