/** Runs a program of yours and records what it tells: JSON lines, or files. */
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import type { Exporter, Probe, ProbeContext } from 'drifttrail';
import { collectExec } from './collect.ts';
import { kinds, kindsOf } from './kinds.ts';
import { type ExecOptions, options } from './options.ts';
import { programOf } from './run.ts';

const exporter: Exporter<ExecOptions> = {
  name: 'exec',
  summary: 'what a program of yours tells, as JSON lines or as files',
  options,
  scopes: { root: 'exec', depth: 2 },
  kinds,
  kindsOf,
  rules: new URL('./rules/', import.meta.url),
  permissions: ['start the program; whatever it reads'],
  probe,
  collect: collectExec,
};
export default exporter;

/** Whether the program is there; running it is what `snapshot --dry-run` does. */
async function probe({ options: own, dir, env }: ProbeContext<ExecOptions>): Promise<Probe[]> {
  const program = programOf(own, dir);
  const candidates = program.includes('/') ? [program] : (env.PATH ?? '').split(':').map((folder) => join(folder, program));
  for (const candidate of candidates) {
    try {
      await access(candidate, constants.X_OK);
      return [{ system: own.name, ok: true, detail: `${candidate} can be started` }];
    } catch (error) {
      if (candidates.length === 1)
        return [
          {
            system: own.name,
            ok: false,
            detail: `${candidate}: ${(error as NodeJS.ErrnoException).code ?? 'cannot be started'}; chmod +x it, or correct command:`,
          },
        ];
    }
  }
  return [{ system: own.name, ok: false, detail: `${program} is not on the PATH; write its whole path in command:` }];
}
