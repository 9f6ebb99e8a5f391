/** The repository's own settings, as git reads them, and no more often than they change. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { Git } from './git.ts';

export interface Settings {
  /** The last value of each, by its name in lower case but for the part in the middle; null for a name that stands alone. */
  readonly values: ReadonlyMap<string, string | null>;
  /** What git said when it could not read them. */
  readonly problem?: string;
}

const known = new WeakMap<Git, { readonly state: string; readonly settings: Settings }>();

export async function readSettings(git: Git): Promise<Settings> {
  const state = stateOf(join(git.dir, '.git', 'config'));
  const before = known.get(git);
  if (before !== undefined && before.state === state) return before.settings;
  const { code, stdout, stderr } = await git.run(['config', '--local', '--list', '-z'], { codes: [0, 1, 128] });
  const values = new Map(
    stdout
      .toString('utf8')
      .split('\0')
      .filter((entry) => entry !== '')
      .map((entry) => {
        const end = entry.indexOf('\n');
        return end === -1 ? ([entry, null] as const) : ([entry.slice(0, end), entry.slice(end + 1)] as const);
      }),
  );
  const settings = code === 0 ? { values } : { values, problem: stderr.trim() };
  if (state !== '') known.set(git, { state, settings });
  return settings;
}

/** As git's own words for true have it. https://git-scm.com/docs/git-config#Documentation/git-config.txt-boolean */
export function isTrue(value: string | null | undefined): boolean {
  return value === null || (value !== undefined && /^(?:true|yes|on|[1-9]\d*)$/i.test(value));
}

/** Git replaces the file as a whole, so that an equal state is an equal file; '' when there is none. */
function stateOf(file: string): string {
  const found = statSync(file, { throwIfNoEntry: false });
  return found === undefined ? '' : `${found.ino} ${found.size} ${found.mtimeMs} ${found.ctimeMs}`;
}
