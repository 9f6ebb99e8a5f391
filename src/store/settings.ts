/** The repository's own settings; git is asked only for a file that is not as plain as git writes it, and once a state of it. */
import { readFileSync, statSync } from 'node:fs';
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
  const plain = plainSettings(join(git.dir, '.git', 'config'));
  if (plain !== undefined) return { values: plain };
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

/** A section, or a setting as git itself writes them: without quotes, escapes, comments and lines that go on. */
const SECTION = /^\[([A-Za-z0-9.-]+)(?: "([^"\\]*)")?\]$/;
const SETTING = /^\t([A-Za-z][A-Za-z0-9-]*) = ([^"\\;#]*[^"\\;#\s])$/;

/** What a file says in which every line is of the plain kind; undefined for any other, which is left to git. */
function plainSettings(file: string): Map<string, string> | undefined {
  const values = new Map<string, string>();
  let section = '';
  for (const line of textOf(file).split('\n')) {
    const header = SECTION.exec(line);
    const setting = SETTING.exec(line);
    if (header?.[1] !== undefined) section = header[1].toLowerCase() + (header[2] === undefined ? '' : `.${header[2]}`);
    else if (setting?.[1] !== undefined && section !== '') values.set(`${section}.${setting[1].toLowerCase()}`, setting[2] ?? '');
    else if (line !== '') return undefined;
  }
  return values.size === 0 ? undefined : values;
}

/** '' when it cannot be read: git says why. */
function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

/** Git replaces the file as a whole, so that an equal state is an equal file; '' when there is none. */
function stateOf(file: string): string {
  const found = statSync(file, { throwIfNoEntry: false });
  return found === undefined ? '' : `${found.ino} ${found.size} ${found.mtimeMs} ${found.ctimeMs}`;
}
