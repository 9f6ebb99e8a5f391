/** Who may do what through sudo: the rules of etc/sudoers and everything it includes, by whom they are about. */
import type { JsonObject } from 'drifttrail';
import type { Source } from '../source.ts';
import { type Fact, keyed } from './fact.ts';

export const sudoers: Fact = {
  name: 'sudoers',
  kind: 'host.sudoers',
  title: 'sudo rule',
  ahead: 'list etc/sudoers.d; texts /etc/sudoers.d/*',
  read: (source) => {
    const rules = rulesOf(source, 'etc/sudoers', new Set());
    return rules === undefined ? undefined : grouped(rules);
  },
};

interface Rule {
  readonly who: string;
  readonly file: string;
  readonly text: string;
}

const MAX_FILES = 256; // sudo stops at 128 levels; this is for includes that go in circles by other names

function rulesOf(source: Source, file: string, seen: Set<string>): Rule[] | undefined {
  if (seen.has(file) || seen.size > MAX_FILES) return [];
  seen.add(file);
  const text = source.read(file);
  if (text === undefined) return undefined;
  return logicalLines(text).flatMap((line) => {
    const [, directive, rest = ''] = /^[@#](includedir|include)\s+(.*)$/.exec(line) ?? [];
    if (directive !== undefined) {
      const target = absolute(rest.replace(/^"(.*)"$/, '$1').replaceAll('\\ ', ' '), file);
      // sudoers(5): in a folder, names that end in ~ or contain a dot are not read.
      const files =
        directive === 'include'
          ? [target]
          : source
              .list(target)
              .filter((name) => !name.includes('.') && !name.endsWith('~'))
              .map((name) => `${target}/${name}`);
      return files.flatMap((each) => rulesOf(source, each, seen) ?? []);
    }
    const spaced = /^(\S+)\s+(.*)$/.exec(line);
    return [{ who: spaced?.[1] ?? line, file, text: spaced?.[2] ?? '' }];
  });
}

function absolute(path: string, from: string): string {
  const trimmed = path.trim();
  return trimmed.startsWith('/') ? trimmed.replace(/^\/+/, '') : `${from.slice(0, from.lastIndexOf('/'))}/${trimmed}`;
}

/** Backslash joins lines; `#` begins a comment unless digits follow (a uid) or it is an include. */
function logicalLines(text: string): string[] {
  return text
    .replaceAll(/\\\n/g, ' ')
    .split('\n')
    .map((line) => (/^\s*#(include|includedir)\s/.test(line) ? line : line.replace(/(^|\s)#(?!\d).*$/, '')))
    .map((line) => line.replaceAll(/\s+/g, ' ').trim())
    .filter((line) => line !== '');
}

function grouped(rules: readonly Rule[]): JsonObject {
  const groups = new Map<string, Rule[]>();
  for (const rule of rules) {
    const key = `${rule.who} (${rule.file})`;
    groups.set(key, [...(groups.get(key) ?? []), rule]);
  }
  return keyed(
    [...groups].map(([key, members]): [string, JsonObject] => [
      key,
      {
        who: members[0]?.who ?? key,
        file: members[0]?.file ?? '',
        rules: members.map((rule) => rule.text),
        noPassword: members.some((rule) => /\bNOPASSWD:/.test(rule.text)),
        allCommands: members.some((rule) => /(^|[:=,\s)])ALL$/.test(rule.text)),
      },
    ]),
  );
}
