/** The one question that is asked of a database file, and its answer: one statement sees one state. */
import { isObject, type Json, type JsonObject } from 'drifttrail';

/** Text alone, nothing of the user's own settings, no command of the shell that could write. https://sqlite.org/cli.html */
export const ARGUMENTS = ['-readonly', '-safe', '-bail', '-batch', '-init', '/dev/null', '-list', '-noheader', '-cmd', '.timeout 2000'];

const SETTINGS: Readonly<Record<string, string>> = {
  applicationId: 'application_id',
  autoVacuum: 'auto_vacuum',
  encoding: 'encoding',
  pageSize: 'page_size',
  userVersion: 'user_version',
};

export function question(check: boolean): string {
  const settings = Object.entries(SETTINGS).map(([name, pragma]) => `'${name}', (SELECT ${pragma} FROM pragma_${pragma})`);
  const objects =
    "SELECT json_group_array(json_object('type', type, 'name', name, 'sql', sql)) FROM sqlite_master WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\'";
  const shadows = "SELECT json_group_array(name) FROM pragma_table_list WHERE schema = 'main' AND type = 'shadow'";
  const sound = check ? ", 'check', (SELECT json_group_array(quick_check) FROM pragma_quick_check(10))" : '';
  return `SELECT json_object('settings', json_object(${settings.join(', ')}), 'objects', (${objects}), 'shadows', (${shadows})${sound});`;
}

export interface Answer {
  readonly settings: JsonObject;
  readonly objects: readonly { readonly type: string; readonly name: string; readonly sql: string }[];
}

/** Tables in which a virtual table keeps what it has, by the module that makes them: for a sqlite3 built without that module. */
const SHADOWS: Readonly<Record<string, readonly string[]>> = {
  fts3: ['content', 'segments', 'segdir', 'docsize', 'stat'],
  fts4: ['content', 'segments', 'segdir', 'docsize', 'stat'],
  fts5: ['data', 'idx', 'content', 'docsize', 'config'],
  rtree: ['node', 'parent', 'rowid'],
  rtree_i32: ['node', 'parent', 'rowid'],
};

/** `content=posts`, and in each of the ways in which SQLite quotes a name. */
const CONTENT = /[(,]\s*content\s*=\s*('(?:[^']|'')*'|"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\]|[^\s,)]*)/i;

/** Undefined for what is no answer to the question. */
export function answerOf(text: string): Answer | undefined {
  let told: Json;
  try {
    told = JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
  if (!isObject(told) || !isObject(told.settings) || !Array.isArray(told.objects)) return undefined;
  const objects = (told.objects as readonly Json[]).flatMap((one) =>
    isObject(one) && typeof one.type === 'string' && typeof one.name === 'string' && typeof one.sql === 'string'
      ? [{ type: one.type, name: one.name, sql: one.sql }]
      : [],
  );
  if (objects.length < (told.objects as readonly Json[]).length) return undefined;
  const named = Array.isArray(told.shadows) ? told.shadows.filter((name) => typeof name === 'string') : [];
  const shadows = shadowsOf(objects, named);
  return {
    settings: { ...told.settings, ...(told.check === undefined ? {} : { check: told.check }) },
    objects: objects.filter(({ type, name }) => type !== 'table' || !shadows.has(name.toLowerCase())),
  };
}

/** In lower case. SQLite goes by names too, so that a table of the user's own from which a full-text index is made may be among them. */
function shadowsOf(objects: Answer['objects'], told: readonly string[]): Set<string> {
  const shadows = new Set(told.map((name) => name.toLowerCase()));
  const own = new Set<string>();
  for (const { name, sql } of objects) {
    const table = name.toLowerCase();
    const [start = '', module = ''] = /^CREATE\s+VIRTUAL\s+TABLE\b[\s\S]*?\bUSING\s+(\w+)/i.exec(sql) ?? [];
    const suffixes = Object.hasOwn(SHADOWS, module.toLowerCase()) ? (SHADOWS[module.toLowerCase()] ?? []) : [];
    if (!suffixes.some((suffix) => shadows.has(`${table}_${suffix}`))) for (const suffix of suffixes) shadows.add(`${table}_${suffix}`);
    const content = /^fts/i.test(module) ? CONTENT.exec(sql.slice(start.length)) : null;
    if (content === null) continue;
    // With content= the index makes no such table itself: one of that name is the user's own.
    own.add(`${table}_content`).add(nameIn(content[1] ?? ''));
  }
  return new Set([...shadows].filter((name) => !own.has(name)));
}

function nameIn(text: string): string {
  const [quote = ''] = text;
  if (!/['"`[]/.test(quote)) return text.toLowerCase();
  return text
    .slice(1, -1)
    .replaceAll(quote + quote, quote)
    .toLowerCase();
}
