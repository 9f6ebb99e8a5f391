/** A copy of what was built, for tests that start the program over long times: a build meanwhile does not change it under them. */
import { cpSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Compiled } from './compiled.ts';

const ROOT = fileURLToPath(new URL('../', import.meta.url));

/** The clock goes on from the time that it is given. */
const CLOCK = `
const Real = Date;
const ahead = Real.parse(process.env.DRIFTTRAIL_TEST_TIME) - Real.now();
globalThis.Date = class extends Real {
  constructor(...args) { if (args.length === 0) super(Real.now() + ahead); else super(...args); }
  static now() { return Real.now() + ahead; }
};
`;

/** What node is to be called with, before the arguments of the command, and the time in DRIFTTRAIL_TEST_TIME. */
export interface Built extends Compiled {
  readonly argv: readonly string[];
}

export function copyBuilt(): Built {
  // Inside node_modules, so that packages are found.
  const folder = join(ROOT, 'node_modules', '.cache', `drifttrail-${process.pid}-built`);
  const remove = () => rmSync(folder, { recursive: true, force: true });
  remove();
  mkdirSync(folder, { recursive: true });
  for (const name of ['dist', 'package.json']) cpSync(join(ROOT, name), join(folder, name), { recursive: true });
  symlinkSync(join(ROOT, 'snapshots-template'), join(folder, 'snapshots-template'));
  writeFileSync(join(folder, 'clock.mjs'), CLOCK);
  return { folder, remove, argv: [`--import=${join(folder, 'clock.mjs')}`, join(folder, 'dist', 'src', 'cli', 'main.js')] };
}
