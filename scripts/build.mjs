// Makes dist/: type declarations by the compiler, code by the bundler, and the data files (rules, git hooks, template) in
// the layout of the sources.
// The finished tree replaces the old one in one rename, so that a running command never meets half a build.
import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle } from './bundle.mjs';
import { fingerprint, ROOT, SOURCES } from './sources.mjs';

const CODE = new Set(['.ts', '.md']); // compiled, or for people

export async function build() {
  const wanted = fingerprint();
  const fresh = join(ROOT, 'node_modules', `.drifttrail-build-${process.pid}`);
  rmSync(fresh, { recursive: true, force: true });
  try {
    const compiler = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
    const args = [compiler, '-p', ROOT, '--outDir', fresh, '--emitDeclarationOnly'];
    const { status } = spawnSync(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 2, 2] });
    if (status !== 0) throw new Error('the TypeScript compiler found the errors above');
    await bundle(fresh);
    for (const folder of SOURCES) copyData(join(ROOT, folder), join(fresh, folder), (name) => !CODE.has(extname(name)));
    copyData(join(ROOT, 'snapshots-template'), join(fresh, 'snapshots-template'), () => true);
    chmodSync(join(fresh, 'src', 'cli', 'main.js'), 0o755);
    writeFileSync(join(fresh, '.fingerprint'), `${wanted}\n`);
    replace(fresh, join(ROOT, 'dist'));
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

function copyData(from, to, wanted) {
  if (!existsSync(from)) return;
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const source = join(from, entry.name);
    const target = join(to, entry.name);
    if (entry.isDirectory()) copyData(source, target, wanted);
    else if (wanted(entry.name)) {
      mkdirSync(dirname(target), { recursive: true });
      copyFileSync(source, target);
      chmodSync(target, statSync(source).mode & 0o777);
    }
  }
}

function replace(fresh, target) {
  const old = `${fresh}-old`;
  rmSync(old, { recursive: true, force: true });
  if (existsSync(target)) renameSync(target, old);
  renameSync(fresh, target);
  rmSync(old, { recursive: true, force: true });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    await build();
  } catch (error) {
    process.stderr.write(`build: ${error.message}\n`);
    process.exit(1);
  }
}
