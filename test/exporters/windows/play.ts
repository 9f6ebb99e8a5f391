/** Windows machines without one: answers in the form of the collector's, as if they came over ssh. */
import { readFileSync } from 'node:fs';
import exporter from '../../../exporters/windows/index.ts';
import { collect } from '../../../src/collect/collect.ts';
import type { Snapshot, Spawn, SpawnOptions, SpawnResult } from '../../../src/model.ts';
import { realSurroundings } from '../../../src/surroundings.ts';

export const first = new URL('../../fixtures/windows/first/', import.meta.url);

interface Call {
  readonly args: readonly string[];
  readonly options: SpawnOptions | undefined;
  readonly program: string;
}

/** A recording has no marks: they are new each time, and stand in the program that is sent. */
export function player(
  recording: string,
  {
    change = (text) => text,
    answer = {},
    calls = [],
  }: { change?: (text: string) => string; answer?: Partial<SpawnResult>; calls?: Call[] } = {},
): Spawn {
  return (command, args, options) => {
    const program = Buffer.from(options?.input ?? '').toString('utf8');
    calls.push({ args: [command, ...args], options, program });
    const mark = /\$mark = '([0-9a-f]{32})'/.exec(program)?.[1] ?? '';
    const name = args[args.indexOf('--') + 1] ?? '';
    const lines = readFileSync(`${recording}/${name}.jsonl`, 'utf8').trimEnd().split('\n');
    const text = change(lines.map((line) => `${mark} ${line}\n`).join(''));
    return Promise.resolve({ code: 0, stdout: Buffer.from(text), stderr: '', ...answer });
  };
}

export function snapshot(spawn: Spawn, own: object = {}): Promise<Snapshot> {
  return collect(exporter, exporter.options.parse({ hosts: ['win01'], ...own }), {
    surroundings: { ...realSurroundings('/'), spawn },
    signal: AbortSignal.timeout(10_000),
    progress: () => undefined,
  });
}
