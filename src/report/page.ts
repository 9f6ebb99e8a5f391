/** One system on one page: what it is, what runs, who can enter, how old that is. Data for every form; from snapshots alone. */
import type { Evidence, Json, JsonObject } from '../model.ts';
import { isObject, pointer } from '../pointer.ts';

export interface PageTable {
  /** The kind, in the plural. */
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Rows stand in one paragraph. */
  readonly brief: boolean;
  /** Members that the kind takes for not worth a line. */
  readonly leftOut: number;
}

export interface PageChapter {
  readonly title: string;
  readonly tables: readonly PageTable[];
}

export interface Page {
  readonly name: string;
  readonly scope: string;
  readonly chapters: readonly PageChapter[];
  /** What else is recorded: the kind in the plural, and how many resources. */
  readonly others: readonly { readonly title: string; readonly count: number }[];
  /** By kind: what is not known, or not of today. */
  readonly doubts: readonly { readonly title: string; readonly text: string }[];
  /** When the oldest and the newest of its kinds was last read completely; null when never. */
  readonly read: { readonly oldest: string | null; readonly newest: string | null };
}

export function pageTable(title: string, config: Json, { fields, only, brief }: Evidence): PageTable {
  if (fields === undefined || !isObject(config)) {
    const rows = leaves(config, '').map(([path, value]) => [path, value]);
    return { title, columns: ['', ''], rows, brief: false, leftOut: 0 };
  }
  const members = Object.entries(config).map(
    ([name, member]) => [name, isObject(member) ? member : ({ value: member } as JsonObject)] as const,
  );
  const shown = members.filter(([, member]) => only?.(member) !== false);
  return {
    title,
    columns: ['', ...fields],
    rows: shown.map(([name, member]) => [name, ...fields.map((field) => text(member[field]))]),
    brief: brief === true,
    leftOut: members.length - shown.length,
  };
}

export function pageJson({ name, scope, chapters, others, doubts, read }: Page): JsonObject {
  return {
    name,
    scope,
    chapters: chapters.map(({ title, tables }) => ({
      title,
      tables: tables.map((table) => ({ title: table.title, columns: table.columns, rows: table.rows, leftOut: table.leftOut })),
    })),
    others: others.map(({ title, count }) => ({ title, count })),
    doubts: doubts.map(({ title, text: why }) => ({ title, text: why })),
    read: { oldest: read.oldest, newest: read.newest },
  };
}

function leaves(value: Json, path: string): [string, string][] {
  if (!isObject(value)) return [[path.replace(/^\//, '').replaceAll('/', ' '), text(value)]];
  return Object.entries(value).flatMap(([key, inner]) => leaves(inner, `${path}${pointer(key)}`));
}

function text(value: Json | undefined): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (Array.isArray(value)) return value.map((item: Json) => text(item)).join(', ');
  return isObject(value)
    ? leaves(value, '')
        .map(([path, leaf]) => `${path} ${leaf}`)
        .join(', ')
    : String(value);
}
