import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { builtins, loadPlugin, type PluginType } from '../src/plugins.ts';
import { folder } from './folder.ts';

const SCHEMA = '{ safeParse: (data) => ({ success: true, data }) }';
const hook = (name: string, more = '') =>
  `export default { name: '${name}', summary: 'a hook', options: ${SCHEMA}, deliver: async () => ({ status: 'delivered', detail: '' }), ${more} };\n`;

const refusal = (code: string, message: RegExp, remedy: RegExp) =>
  expect.objectContaining({ code, message: expect.stringMatching(message), remedy: expect.stringMatching(remedy) });

test.each(['exporters', 'hooks', 'trails'] as const)(
  'every folder of %s is a built-in, loads and is called like its folder',
  async (type) => {
    const names = builtins(type);
    const folders = readdirSync(new URL(`../${type}`, import.meta.url)).filter((name) => !name.startsWith('_') && name !== 'git');
    expect(names).toEqual(folders.sort());
    for (const name of names) expect((await loadPlugin(type, name, '/')).name).toBe(name);
  },
);

test('a relative path names a folder with an index, or a file; it starts at the deployment', async () => {
  const dir = folder({ 'plugins/pager/index.mjs': hook('pager'), 'bell.mjs': hook('bell') });
  expect((await loadPlugin('hooks', './plugins/pager', dir)).name).toBe('pager');
  expect((await loadPlugin('hooks', './bell.mjs', dir)).name).toBe('bell');
  await expect(loadPlugin('hooks', './plugins/pagr', dir)).rejects.toThrow(
    refusal('plugin-missing', /no plug-in at .*plugins\/pagr$/, /drifttrail\.yaml/),
  );
});

const packageOf = (name: string, manifest: object, files: Record<string, string>) =>
  Object.fromEntries(
    Object.entries({ 'package.json': JSON.stringify({ name, version: '1.0.0', type: 'module', ...manifest }), ...files }).map(
      ([file, text]) => [`node_modules/${name}/${file}`, text],
    ),
  );

const WRONG = `throw new Error('the wrong file');\n`;
test.each<[string, string, object, Record<string, string>]>([
  ['exports for import only', 'drifttrail-a', { exports: { import: './esm.js' } }, { 'esm.js': hook('it') }],
  [
    'a map of subpaths',
    'drifttrail-b',
    { exports: { '.': { types: './x.d.ts', import: './esm.js', require: './cjs.cjs' } } },
    { 'esm.js': hook('it'), 'cjs.cjs': WRONG },
  ],
  [
    'require before import',
    'drifttrail-c',
    { exports: { require: './cjs.cjs', default: './esm.js' } },
    { 'esm.js': hook('it'), 'cjs.cjs': WRONG },
  ],
  [
    'nested conditions',
    'drifttrail-d',
    { exports: { browser: './no.js', node: { require: './no.cjs', import: './esm.js' } } },
    { 'esm.js': hook('it') },
  ],
  ['exports that is a string', '@ops/drifttrail-e', { exports: './esm.js', main: './no.js' }, { 'esm.js': hook('it') }],
  ['main', 'drifttrail-f', { main: './esm.js' }, { 'esm.js': hook('it') }],
  ['nothing but index.js', 'drifttrail-g', {}, { 'index.js': hook('it') }],
])('an npm package loads by its name: %s', async (_, name, manifest, files) => {
  expect((await loadPlugin('hooks', name, folder(packageOf(name, manifest, files)))).name).toBe('it');
});

test('a package may hold several plug-ins; a file that it does not export is not one', async () => {
  const dir = folder(
    packageOf(
      '@ops/plugins',
      { exports: { './pager': { import: './pager.js' } } },
      { 'pager.js': hook('pager'), 'other.js': hook('other') },
    ),
  );
  expect((await loadPlugin('hooks', '@ops/plugins/pager', dir)).name).toBe('pager');
  await expect(loadPlugin('hooks', '@ops/plugins/other.js', dir)).rejects.toThrow(refusal('plugin-missing', /other/, /npm install/));
  await expect(loadPlugin('hooks', '@ops/plugins', dir)).rejects.toThrow(refusal('plugin-missing', /@ops\/plugins/, /npm install/));
});

test('a name that nothing has gets the nearest built-in, and its place in the configuration', async () => {
  const position = { file: '/ops/drifttrail.yaml', line: 7, column: 10 };
  await expect(loadPlugin('hooks', 'slakc', folder(), position)).rejects.toThrow(
    expect.objectContaining({ code: 'plugin-missing', position, remedy: expect.stringContaining('did you mean "slack"?') }),
  );
});

test.each<[string, PluginType, string, string]>([
  ['no default export', 'hooks', 'export const name = 1;\n', 'name, summary, options, deliver'],
  ['a hook where an exporter is wanted', 'exporters', hook('pager'), 'scopes, kinds, collect'],
  ['a duty that is no function', 'hooks', hook('pager', 'deliver: 1'), 'deliver'],
  ['options that are no schema', 'hooks', hook('pager', 'options: { url: "string" }'), 'options'],
  ['a default export of null', 'trails', 'export default null;\n', 'name, summary, options, read'],
])('what is not a plug-in is refused with what it lacks: %s', async (_, type, source, lacks) => {
  await expect(loadPlugin(type, './it.mjs', folder({ 'it.mjs': source }))).rejects.toThrow(
    refusal('plugin-invalid', new RegExp(`lacks ${lacks}$`), /CONTRIBUTING/),
  );
});

test('a plug-in that throws while it loads says what it threw', async () => {
  await expect(loadPlugin('hooks', './it.mjs', folder({ 'it.mjs': `throw new Error('no licence');\n` }))).rejects.toThrow(
    refusal('plugin-invalid', /no licence/, /run it with node/),
  );
});
