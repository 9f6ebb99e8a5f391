/** The last tips, kept outside of the repository: who can rewrite the history there cannot rewrite what it was here. */
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';

export interface Tip {
  /** UTC ISO 8601. */
  readonly at: string;
  readonly tip: string;
  /** `pushed`: the remote has it; `local`: there is no remote; `waiting`: it goes with a later push. */
  readonly state: 'pushed' | 'local' | 'waiting';
  /** What was waiting before is now called otherwise: our own commits were put on those of another writer. */
  readonly rebuilt?: true;
}

const SHAPE = /^\{"at":"[^"]+","tip":"[0-9a-f]{40,64}","state":"(?:pushed|local|waiting)"(?:,"rebuilt":true)?\}$/;

/** The beginning of a line that a crash cut off. */
const TORN = /^\{"at":"[^}]*$/;

/** Oldest first, and how many lines are none of ours. */
export function readTips(stateDir: string): { readonly tips: Tip[]; readonly damaged: number } {
  const lines = textOf(stateDir)
    .split('\n')
    .filter((line) => line !== '' && !TORN.test(line));
  const sound = lines.filter((line) => SHAPE.test(line));
  return { tips: sound.map((line) => JSON.parse(line) as Tip), damaged: lines.length - sound.length };
}

/** Durable when it returns. Says nothing twice. */
export function appendTip(stateDir: string, { at, tip, state, rebuilt }: Tip): void {
  const last = readTips(stateDir).tips.at(-1);
  if (last?.tip === tip && last.state === state && rebuilt !== true) return;
  const text = textOf(stateDir);
  mkdirSync(dirname(fileOf(stateDir)), { recursive: true, mode: 0o700 });
  const file = openSync(fileOf(stateDir), 'a', 0o600);
  try {
    const line = `${JSON.stringify({ at, tip, state, ...(rebuilt === true ? { rebuilt } : {}) })}\n`;
    writeSync(file, text === '' || text.endsWith('\n') ? line : `\n${line}`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

function fileOf(stateDir: string): string {
  return join(stateDir, 'tips');
}

function textOf(stateDir: string): string {
  try {
    return readFileSync(fileOf(stateDir), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}
