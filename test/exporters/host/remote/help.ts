/** Hosts without a network: what would go over ssh is run by this machine's own shell. */
import { createHostExporter } from '../../../../exporters/host/index.ts';
import { collect } from '../../../../src/collect/collect.ts';
import type { Snapshot, Spawn, SpawnResult } from '../../../../src/model.ts';
import { spawn } from '../../../../src/spawn.ts';
import { realSurroundings } from '../../../../src/surroundings.ts';

export interface Line {
  /** In place of `/bin/sh -s`. */
  readonly shell?: readonly string[];
  /** Changes the program on its way. */
  readonly sent?: (program: string) => string;
  /** Changes the answer on its way. */
  readonly received?: (answer: SpawnResult) => SpawnResult;
  readonly calls?: { readonly args: readonly string[]; readonly program: string; readonly answer: Buffer }[];
}

/** A spawn in which ssh is this machine's shell. */
export function lineTo({ shell = ['/bin/sh', '-s'], sent = (text) => text, received = (answer) => answer, calls }: Line = {}): Spawn {
  return async (command, args, options) => {
    if (command !== 'ssh') throw new Error(`${command} is not expected`);
    const [program = '', ...rest] = shell;
    const text = Buffer.from(options?.input ?? '').toString('latin1');
    const answer = await spawn(program, rest, { ...options, input: Buffer.from(sent(text), 'latin1') });
    calls?.push({ args, program: text, answer: answer.stdout });
    return received(answer);
  };
}

/** As where find and tar are not GNU's: every answer file by file. */
export const withoutGnu: Line = { sent: (program) => program.replace('gnu=1; fi', ':; fi') };

export async function snapshotOver(line: Line, options: object): Promise<Snapshot> {
  const exporter = createHostExporter();
  return collect(exporter, exporter.options.parse({ hosts: ['web01'], facts: false, ...options }), {
    surroundings: { ...realSurroundings('/'), spawn: lineTo(line) },
    signal: AbortSignal.timeout(30_000),
    progress: () => undefined,
  });
}
