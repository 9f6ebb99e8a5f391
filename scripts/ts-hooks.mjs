// Module hooks for run-ts.mjs: types are erased by the compiler that vitest brings, and `drifttrail` is the source tree.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';

// vite is vitest's dependency, not ours: found from there, so that no package manager's layout hides it.
const fromVitest = createRequire(createRequire(import.meta.url).resolve('vitest/package.json'));
const { transformWithOxc } = await import(pathToFileURL(fromVitest.resolve('vite')).href);

const SELF = new Map([
  ['drifttrail', new URL('../src/index.ts', import.meta.url).href],
  ['drifttrail/testing', new URL('../src/testing.ts', import.meta.url).href],
]);

export async function resolve(specifier, context, next) {
  const self = SELF.get(specifier);
  return self === undefined ? next(specifier, context) : { url: self, format: 'module', shortCircuit: true };
}

export async function load(url, context, next) {
  if (!url.startsWith('file:') || !url.endsWith('.ts') || url.includes('/node_modules/')) return next(url, context);
  const path = fileURLToPath(url);
  const { code } = await transformWithOxc(await readFile(path, 'utf8'), path, { lang: 'ts', sourcemap: false, target: 'node20' });
  return { format: 'module', source: code, shortCircuit: true };
}
