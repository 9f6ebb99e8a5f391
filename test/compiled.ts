/** The sources as JavaScript, for tests that start many processes: each start would otherwise pay for the translation. */
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { spawn } from '../src/spawn.ts';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const TSC = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');

export interface Compiled {
  /** Holds `src/`; inside node_modules, so that packages are found. */
  readonly folder: string;
  readonly remove: () => void;
}

/** A copy of dist/ when that was built from these very sources, else compiled anew; with the given files beside `src/`. */
export async function compile(files: Readonly<Record<string, string>>): Promise<Compiled> {
  const folder = join(ROOT, 'node_modules', '.cache', `drifttrail-${process.pid}-${Object.keys(files).join('-')}`);
  const remove = () => rmSync(folder, { recursive: true, force: true });
  remove();
  mkdirSync(folder, { recursive: true });
  if (await isFresh()) cpSync(join(ROOT, 'dist'), folder, { recursive: true });
  else {
    const args = [TSC, '-p', join(ROOT, 'tsconfig.json'), '--outDir', folder, '--noCheck', '--declaration', 'false'];
    const { code, stdout } = await spawn(process.execPath, args, { cwd: ROOT, timeout: 120_000 });
    if (code !== 0) throw new Error(stdout.toString('utf8'));
    symlinkSync(join(ROOT, 'snapshots-template'), join(folder, 'snapshots-template'));
  }
  writeFileSync(join(folder, 'package.json'), '{"name":"drifttrail","version":"0.0.0","type":"module"}');
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return { folder, remove };
}

async function isFresh(): Promise<boolean> {
  const stamp = join(ROOT, 'dist', '.fingerprint');
  if (!existsSync(stamp)) return false;
  const script = `import { fingerprint } from ${JSON.stringify(join(ROOT, 'scripts', 'sources.mjs'))}; process.stdout.write(fingerprint());`;
  const { stdout } = await spawn(process.execPath, ['--input-type=module', '-e', script], { cwd: ROOT, timeout: 30_000 });
  return stdout.toString('utf8') === readFileSync(stamp, 'utf8').trim();
}
