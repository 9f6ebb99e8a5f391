/** The template is a true exporter, and what the script makes of it is one too. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { conformance } from 'drifttrail/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import exporter from '../../exporters/_template/index.ts';
import { collect } from '../../src/collect/collect.ts';
import { loadRules } from '../../src/rank/rules.ts';
import { verifyRules } from '../../src/rank/verify.ts';
import { realSurroundings } from '../../src/surroundings.ts';

const fixtures = new URL('../../exporters/_template/fixtures/', import.meta.url);
const options = { name: 'office', file: 'items.json' };
conformance(exporter, [{ name: 'first', folder: new URL('first/', fixtures), options: () => options }], { describe, it, expect });

it('has rules that agree with their examples', async () => {
  expect(verifyRules(await loadRules([exporter.rules ?? '']))).toEqual([]);
});

it('takes a missing file for a gap, not for an empty inventory', async () => {
  const found = await collect(
    exporter,
    { ...options, file: 'absent.json' },
    { surroundings: realSurroundings('/'), signal: new AbortController().signal, progress: () => undefined },
  );
  expect(found.complete).toEqual([]);
  expect(found.gaps).toMatchObject([{ scope: 'template/office', kind: 'template.item', reason: 'unreachable' }]);
});

describe('new:exporter', () => {
  const script = new URL('../../scripts/new-exporter.mjs', import.meta.url).pathname;
  const run = (cwd: string, ...names: string[]) =>
    spawnSync(process.execPath, [script, ...names], { cwd, encoding: 'utf8', timeout: 30_000 });
  const files = (cwd: string) =>
    readdirSync(cwd, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(cwd.length + 1))
      .sort();

  it('makes a folder, a fixture folder and a test, under the new name throughout', () => {
    const cwd = mkdtempSync(join(tmpdir(), 'drifttrail-new-'));
    onTestFinished(() => rmSync(cwd, { recursive: true, force: true }));
    expect(run(cwd, 'cisco-ios')).toMatchObject({ status: 0, stderr: '' });
    expect(files(cwd)).toEqual([
      'exporters/cisco-ios/README.md',
      'exporters/cisco-ios/index.ts',
      'exporters/cisco-ios/rules/items.yaml',
      'test/exporters/cisco-ios.test.ts',
      'test/fixtures/cisco-ios/first/calls/items.json',
      'test/fixtures/cisco-ios/first/expected/cisco-ios/office/item/printer.json',
      'test/fixtures/cisco-ios/first/expected/cisco-ios/office/item/wiki.json',
      'test/fixtures/cisco-ios/first/quiet/items.json',
      'test/fixtures/cisco-ios/first/secrets.json',
    ]);
    const all = files(cwd).map((file) => readFileSync(join(cwd, file), 'utf8'));
    expect(all.join('\n')).not.toContain('template');
    expect(all.join('\n')).toContain("'cisco-ios.item'");
    const again = run(cwd, 'cisco-ios');
    expect(again).toMatchObject({ status: 2 });
    expect(again.stderr).toContain('exporters/cisco-ios is there already');
  });

  it('refuses what is no name', () => {
    for (const name of ['', '../x', 'Nginx', '_x', 'a b']) expect(run(tmpdir(), name)).toMatchObject({ status: 2 });
    expect(run(tmpdir()).stderr).toContain('usage: npm run new:exporter -- NAME');
  });
});
