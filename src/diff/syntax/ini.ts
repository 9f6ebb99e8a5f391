/** Sections of `name = value` lines: INI files, systemd units, MySQL's option files. Values stay as they are written. */
import type { Json } from '../../model.ts';

const SECTION = /^\[([^[\]]+)\]$/;
/** A name may have blanks in it (smb.conf), and need not have a value (my.cnf). */
const NAME = /^[^\s#;"'{}[\]!<>][^#;"'{}[\]<>]*$/;
const BARE = /^[A-Za-z][\w.-]*$/;
/** What another file says here counts at this place. */
const INCLUDE = /^include/i;

interface Entry {
  readonly name: string;
  /** In order; each is its lines. */
  readonly values: string[][];
}

/** Entries in the order of their first appearance, by their names, folded where the options say so. */
type Section = Map<string, Entry>;

export interface IniOptions {
  /** At least one section must be there: so many other things have files that are called .conf. */
  readonly needsSection: boolean;
  /** To MySQL `max-connections` and `max_connections` are one name. */
  readonly dashIsUnderscore?: boolean;
}

/**
 * The order of sections, and of different names in one, means nothing; that of equal ones does, and they are a list:
 * two sections `[Route]` are two routes.
 * Undefined for what is not plainly such a file: includes, whose place counts, braces, lines that fit nothing.
 */
export function readIni(text: string, { needsSection, dashIsUnderscore = false }: IniOptions): Json | undefined {
  const root: Section = new Map();
  const sections = new Map<string, Section[]>();
  let section = root;
  let open: { readonly lines: string[]; readonly indent: number } | undefined;
  for (const line of text.split(/\r?\n/)) {
    const words = line.trim();
    // Whether the line after it still goes on with the value is told by the blank one: for systemd it does not.
    if (words === '' && open?.lines.at(-1)?.endsWith('\\')) open.lines.push('');
    if (words === '' || words.startsWith('#') || words.startsWith(';')) continue;
    // To systemd the value ends here, to a reader that trims first it goes on.
    if (/\\\s+$/.test(line)) return undefined;
    const indent = line.length - line.trimStart().length;
    // Indented deeper than the name before, or after a backslash, it goes on with that name's value.
    if (open !== undefined && (indent > open.indent || open.lines.at(-1)?.endsWith('\\'))) {
      open.lines.push(words);
      continue;
    }
    const name = SECTION.exec(words)?.[1];
    if (name !== undefined) {
      if (INCLUDE.test(name)) return undefined;
      section = new Map();
      const twins = sections.get(name);
      if (twins === undefined) sections.set(name, [section]);
      else twins.push(section);
      open = undefined;
      continue;
    }
    const equals = words.indexOf('=');
    const key = equals < 0 ? words : words.slice(0, equals).trimEnd();
    if (!(equals < 0 ? BARE : NAME).test(key) || INCLUDE.test(key)) return undefined;
    const folded = dashIsUnderscore ? key.replaceAll('-', '_') : key;
    const entry = section.get(folded) ?? { name: key, values: [] };
    section.set(folded, entry);
    // A name without `=` is not a name with nothing behind it: systemd's `Key=` empties a list.
    const value = equals < 0 ? '(set)' : words.slice(equals + 1).trimStart();
    // Under the first spelling of its name, a value says its own.
    open = { lines: [key === entry.name ? value : `${key} = ${value}`], indent };
    entry.values.push(open.lines);
  }
  if (needsSection && sections.size === 0) return undefined;
  if ([...root.values()].some(({ name }) => sections.has(name))) return undefined;
  const told = [...sections].map(([name, twins]): [string, Json] => {
    const [first = {}, ...others] = twins.map((own) => Object.fromEntries(members(own)));
    return [name, others.length === 0 ? first : [first, ...others]];
  });
  return Object.fromEntries([...members(root), ...told]);
}

function members(section: Section): [string, Json][] {
  return [...section.values()].map(({ name, values }) => {
    const [first = '', ...others] = values.map((lines) => lines.join('\n'));
    return [name, others.length === 0 ? first : [first, ...others]];
  });
}
