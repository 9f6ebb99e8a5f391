/** What the bundler makes of the product is still the product: its packages' licences, its names in a stack, its plug-ins. */
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { cli } from '../cli/run.ts';
import { fill, folder } from '../folder.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const DIST = join(ROOT, 'dist');

it('hands on the licence of every package that it holds a copy of', () => {
  const maps = readdirSync(DIST, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.js.map'));
  const sources = maps.flatMap((map) => (JSON.parse(readFileSync(join(DIST, map), 'utf8')) as { sources: string[] }).sources);
  const packages = new Set(sources.flatMap((source) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(source)?.[1] ?? []));
  const notices = readFileSync(join(DIST, 'THIRD-PARTY-LICENSES.txt'), 'utf8');
  expect(packages).toContain('zod');
  for (const name of packages) expect(notices).toMatch(new RegExp(`^${name} \\d+\\.\\d+\\.\\d+ \\([A-Za-z0-9. -]+\\)$`, 'm'));
  expect(notices).toMatch(/Permission is hereby granted/);
});

const PLUGIN = `
import { DrifttrailError } from 'drifttrail';
import { z } from 'zod';
export default {
  name: 'own', summary: 'a plug-in with a zod of its own', scopes: { root: 'own', depth: 2 }, kinds: {},
  options: z.strictObject({ wrong: z.enum(['refuse', 'defect']).optional() }).transform(({ wrong }) => {
    if (wrong === 'refuse') throw new DrifttrailError({ code: 'own', message: 'refused', remedy: 'ask again' });
    if (wrong === 'defect') throw new TypeError('broken');
    return {};
  }),
  async *collect() {},
};
`;

async function pluginDeployment(option: string): Promise<string> {
  const dir = join(folder(), 'ops');
  expect((await cli(['init', dir])).code).toBe(0);
  fill(dir, { 'drifttrail.yaml': `exporters:\n  - use: ./own.mjs\n    ${option}\n`, 'own.mjs': PLUGIN });
  const modules = join(dir, 'node_modules');
  mkdirSync(modules);
  symlinkSync(ROOT, join(modules, 'drifttrail'));
  cpSync(join(ROOT, 'node_modules', 'zod'), join(modules, 'zod'), { recursive: true });
  return dir;
}

it('takes the options of a plug-in that brings its own zod, and the errors of one that imports drifttrail', async () => {
  const dir = await pluginDeployment('wrnog: refuse');
  const typed = await cli(['snapshot', '--dir', dir]);
  expect(typed).toMatchObject({ code: 1, stderr: expect.stringMatching(/drifttrail\.yaml:3:.*wrnog/s) as unknown });
  fill(dir, { 'drifttrail.yaml': 'exporters:\n  - use: ./own.mjs\n    wrong: refuse\n' });
  expect(await cli(['snapshot', '--dir', dir])).toMatchObject({ code: 1, stderr: 'drifttrail: refused; ask again\n' });
});

it('names the sources in the stack of a defect', async () => {
  const { stderr } = await cli(['snapshot', '--dir', await pluginDeployment('wrong: defect')], { env: { DRIFTTRAIL_DEBUG: '1' } });
  expect(stderr).toMatch(/TypeError: broken/);
  expect(stderr).toMatch(/src\/deployment\.ts:\d+/);
});
