/** The layer rules bite, and each says why: one run of the linter, under our configuration, over files that break them. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { fill } from './folder.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const BIOME = join(ROOT, 'node_modules', '@biomejs', 'biome', 'bin', 'biome');

interface Complaint {
  readonly category: string;
  readonly message: string;
  readonly location: { readonly path: string; readonly start: { readonly line: number } };
}

const FORBIDDEN = [
  ['a stage imports another stage', 'src/store/x.ts', '../attribute/attribute.ts', 'A stage knows the model, never another stage'],
  ['a stage imports the wiring', 'src/rank/x.ts', '../run.ts', 'A stage knows the model, never another stage'],
  [
    'a folder inside a stage imports another stage',
    'src/rank/cel/x.ts',
    '../../store/store.ts',
    'A stage knows the model, never another stage',
  ],
  ['a stage imports the public package', 'src/notify/x.ts', 'drifttrail', 'that door is for plug-ins'],
  ['the dashboard imports a command', 'src/serve/x.ts', '../cli/report.ts', 'what both need stands in src/questions/'],
  ['a stage starts a process', 'src/collect/x.ts', 'node:child_process', 'Child processes start through src/spawn.ts'],
  ['the doorway to git imports another stage', 'src/store/git.ts', '../rank/rank.ts', 'A stage knows the model, never another stage'],
  ['the doorway to git starts a process itself', 'src/store/git.ts', 'node:child_process', "git's children start through"],
  ['the streams know another stage', 'src/store/streams.ts', '../rank/rank.ts', 'A stage knows the model, never another stage'],
  ['the store uses git beside its doorway', 'src/store/x.ts', 'simple-git', "git is src/store/git.ts's alone"],
  ['a folder inside a stage starts a process', 'src/rank/cel/x.ts', 'node:child_process', 'Child processes start through src/spawn.ts'],
  ['a stage uses git', 'src/diff/x.ts', 'simple-git', "git is src/store/git.ts's alone"],
  ['a stage imports an exporter', 'src/normalize/x.ts', '../../exporters/host/index.ts', 'src/'],
  ['an exporter imports src', 'exporters/aws/x.ts', '../../src/model.ts', 'Plug-ins use the public package'],
  ['a hook imports src', 'hooks/slack/x.ts', '../../src/notify/sender.ts', 'Plug-ins use the public package'],
  ['a trail imports src', 'trails/s3/x.ts', '../../src/trail/read.ts', 'Plug-ins use the public package'],
  ['an exporter starts a process', 'exporters/host/x.ts', 'node:child_process', 'through the spawn that the context passes in'],
  ['an exporter uses git', 'exporters/host/x.ts', 'simple-git', "git is src/store/git.ts's alone"],
  ['src imports an exporter', 'src/x.ts', '../exporters/host/index.ts', 'src/ finds plug-ins by their folder'],
  ['the command line imports a hook', 'src/cli/x.ts', '../../hooks/slack/index.ts', 'src/ finds plug-ins by their folder'],
  ['the wiring imports a trail', 'src/pipeline/x.ts', '../../trails/s3/index.ts', 'src/ finds plug-ins by their folder'],
  ['the command line starts a process', 'src/cli/x.ts', 'child_process', 'Child processes start through src/spawn.ts'],
  ['the wiring uses git', 'src/x.ts', 'simple-git', "git is src/store/git.ts's alone"],
] as const;

const ALLOWED = [
  ['src/store/x.ts', '../model.ts'],
  ['src/store/x.ts', './git.ts'],
  ['src/rank/cel/x.ts', '../../pointer.ts'],
  ['src/rank/cel/x.ts', '../rules.ts'],
  ['src/store/git.ts', 'simple-git'],
  ['src/store/streams.ts', 'node:child_process'],
  ['src/spawn.ts', 'node:child_process'],
  ['src/x.ts', './store/store.ts'],
  ['exporters/aws/x.ts', 'drifttrail'],
  ['exporters/aws/x.ts', '../_aws/client.ts'],
] as const;

const complaints = lintAll([
  ...FORBIDDEN.map(([, path, from]) => [path, from] as const),
  ...ALLOWED,
  ['src/a.ts', './b.ts'],
  ['src/b.ts', './a.ts'],
]);

test.each(FORBIDDEN)('%s: refused with the reason', (_, path, from, reason) => {
  expect(complaints(path, from)).toContainEqual(
    expect.objectContaining({ category: 'lint/style/noRestrictedImports', message: expect.stringContaining(reason) }),
  );
});

test.each(ALLOWED)('%s may import %s', (path, from) => {
  expect(complaints(path, from)).toEqual([]);
});

test('an import cycle is an error', () => {
  const cycle = expect.objectContaining({ category: 'lint/suspicious/noImportCycles' });
  expect(complaints('src/a.ts', './b.ts')).toContainEqual(cycle);
  expect(complaints('src/b.ts', './a.ts')).toContainEqual(cycle);
});

/** Lints files that hold these imports, a line each, and answers what was said of each line. */
function lintAll(imports: readonly (readonly [path: string, from: string])[]): (path: string, from: string) => Complaint[] {
  const dir = mkdtempSync(join(tmpdir(), 'drifttrail-layers-'));
  afterAll(() => rmSync(dir, { recursive: true, force: true }));
  const linesOf = (path: string) => imports.filter(([file]) => file === path).map(([, from]) => `import '${from}';`);
  fill(dir, {
    'biome.json': readFileSync(join(ROOT, 'biome.json'), 'utf8'),
    ...Object.fromEntries(imports.map(([path]) => [path, `${linesOf(path).join('\n')}\n`])),
  });
  const args = [BIOME, 'lint', '--vcs-enabled=false', '--reporter=json', '--max-diagnostics=none', '.'];
  const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: dir, encoding: 'utf8', timeout: 30_000 });
  if (!stdout.startsWith('{')) throw new Error(`the linter said: ${stdout}${stderr}`);
  const { diagnostics } = JSON.parse(stdout) as { readonly diagnostics: readonly Complaint[] };
  return (path, from) =>
    diagnostics.filter(({ location }) => location.path === path && linesOf(path)[location.start.line - 1] === `import '${from}';`);
}
