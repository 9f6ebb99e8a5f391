/** The sources as JavaScript, for tests that start many processes: each start would otherwise pay for the translation. */
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
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

/** Each module of the product on its own, with the given files beside `src/`. */
export async function compile(files: Readonly<Record<string, string>>): Promise<Compiled> {
  const folder = join(ROOT, 'node_modules', '.cache', `drifttrail-${process.pid}-${Object.keys(files).join('-')}`);
  const remove = () => rmSync(folder, { recursive: true, force: true });
  remove();
  mkdirSync(folder, { recursive: true });
  // Not dist/, where the modules are joined.
  const args = [TSC, '-p', join(ROOT, 'tsconfig.json'), '--outDir', folder, '--noCheck', '--declaration', 'false'];
  const { code, stdout } = await spawn(process.execPath, args, { cwd: ROOT, timeout: 120_000 });
  if (code !== 0) throw new Error(stdout.toString('utf8'));
  symlinkSync(join(ROOT, 'snapshots-template'), join(folder, 'snapshots-template'));
  // Plug-ins import the package by its name.
  writeFileSync(join(folder, 'package.json'), '{"name":"drifttrail","version":"0.0.0","type":"module","exports":{".":"./src/index.js"}}');
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return { folder, remove };
}
