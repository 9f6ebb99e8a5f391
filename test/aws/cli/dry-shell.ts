/** Runs commands by a real POSIX shell in which `aws` only writes down what it was given. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface DryRun {
  /** The arguments of each call, in order. */
  readonly calls: readonly (readonly string[])[];
  /** Files that came to be in the shell's folder: none, unless some text was run as code. */
  readonly left: readonly string[];
}

/** Every call answers with an id, or with the state that a waiting loop hopes for. */
const PRELUDE = `
set -e
aws() {
  printf '%s\\0' "$@" >> "$LOG"
  printf 'end of call\\0' >> "$LOG"
  case "$*" in
    *Association.State*) echo None ;;
    *'PrefixLists[0].State'*) echo modify-complete ;;
    *.State*) echo available ;;
    *) echo new-id ;;
  esac
}
sleep() { echo 'it waits in vain' >&2; exit 1; }
`;

export function runDry(commands: readonly string[], env: Readonly<Record<string, string>> = {}): DryRun {
  const folder = mkdtempSync(join(tmpdir(), 'drifttrail-dry-'));
  const log = mkdtempSync(join(tmpdir(), 'drifttrail-dry-'));
  try {
    const file = join(log, 'calls');
    const options = { cwd: folder, env: { PATH: process.env.PATH, LOG: file, ...env }, timeout: 30_000 };
    execFileSync('sh', ['-c', [PRELUDE, ': >> "$LOG"', ...commands].join('\n')], options);
    return { calls: callsIn(readFileSync(file, 'utf8')), left: readdirSync(folder) };
  } finally {
    for (const one of [folder, log]) rmSync(one, { recursive: true, force: true });
  }
}

function callsIn(text: string): string[][] {
  return text
    .split('end of call\0')
    .slice(0, -1)
    .map((call) => call.split('\0').slice(0, -1));
}
