/** Sections of `name = value` lines: INI files, systemd units, MySQL's option files. Values stay as they are written. */
import type { Json } from '../../model.ts';

const SECTION = /^\[([^[\]]+)\]$/;
/** A name may have blanks in it (smb.conf), and need not have a value (my.cnf). */
const NAME = /^[^\s#;"'{}[\]!<>][^#;"'{}[\]<>]*$/;
const BARE = /^[A-Za-z][\w.-]*$/;

/** Names in the order of their first appearance, each with its values in order. */
type Section = Map<string, string[]>;

export interface IniOptions {
  /** At least one section must be there: so many other things have files that are called .conf. */
  readonly needsSection: boolean;
}

/**
 * The order of sections, and of different names in one, means nothing; that of equal names does, and they are a list.
 * Undefined for what is not plainly such a file: includes, whose place counts, braces, lines that fit nothing.
 */
export function readIni(text: string, { needsSection }: IniOptions): Json | undefined {
  const root: Section = new Map();
  const sections = new Map<string, Section>();
  let section = root;
  let open: { readonly values: string[]; readonly indent: number } | undefined;
  for (const line of text.split(/\r?\n/)) {
    const words = line.trim();
    if (words === '' || words.startsWith('#') || words.startsWith(';')) continue;
    const indent = line.length - line.trimStart().length;
    const last = open?.values.at(-1);
    // Indented deeper than the name before, or after a backslash, it goes on with that name's value.
    if (open !== undefined && last !== undefined && (last.endsWith('\\') || indent > open.indent)) {
      open.values[open.values.length - 1] = `${last}\n${words}`;
      continue;
    }
    const name = SECTION.exec(words)?.[1];
    if (name !== undefined) {
      section = sections.get(name) ?? new Map();
      sections.set(name, section);
      open = undefined;
      continue;
    }
    const equals = words.indexOf('=');
    const key = equals < 0 ? words : words.slice(0, equals).trimEnd();
    if (!(equals < 0 ? BARE : NAME).test(key)) return undefined;
    const values = section.get(key) ?? [];
    section.set(key, values);
    // A name without `=` is not a name with nothing behind it: systemd's `Key=` empties a list.
    values.push(equals < 0 ? '(set)' : words.slice(equals + 1).trimStart());
    open = { values, indent };
  }
  if (needsSection && sections.size === 0) return undefined;
  if ([...root.keys()].some((key) => sections.has(key))) return undefined;
  return Object.fromEntries([...members(root), ...[...sections].map(([name, own]) => [name, Object.fromEntries(members(own))] as const)]);
}

function members(section: Section): [string, Json][] {
  return [...section].map(([key, values]) => [key, values.length === 1 ? (values[0] ?? '') : values]);
}
