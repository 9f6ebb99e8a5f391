/** What was defined comes back by running its SQL again; a table is never dropped, for it may hold data. */
import { isObject, type Json, type Kind } from 'drifttrail';
import { note, quote } from '../_shell/words.ts';

type Undo = NonNullable<Kind['undo']>;
type Context = Parameters<Undo>[1];
type Change = Parameters<Undo>[0];

const REDACTED = '«redacted:';
const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

export const undoObject: Undo = (change, context) => {
  const word = change.ref.kind.slice('sqlite.'.length).toUpperCase();
  const name = quoted(change.ref.id);
  const before = typeof change.before === 'string' ? change.before.trimEnd() : undefined;
  if (change.type === 'created') {
    if (word !== 'TABLE') return command(change, context, [`DROP ${word} ${name}`]);
    return [
      ...command(change, context, [`ALTER TABLE ${name} RENAME TO ${quoted(`${change.ref.id}_undone`)}`]),
      note('renamed, not dropped: it may hold data by now'),
    ];
  }
  if (before === undefined) return [];
  if (before.includes(REDACTED)) return [note('it holds secrets that are not kept: put those lines back by hand')];
  if (change.type === 'deleted')
    return [...command(change, context, [before]), ...(word === 'TABLE' ? [note('its rows do not come back by that')] : [])];
  if (word === 'TABLE')
    return [note(`no single command puts a table back: git -C snapshots log -p -- ${change.path} has both definitions`)];
  return command(change, context, ['BEGIN', `DROP ${word} ${name}`, before, 'COMMIT']);
};

const SIMPLE: Readonly<Record<string, string>> = { userVersion: 'user_version', applicationId: 'application_id' };

export const undoSettings: Undo = (change, context) => {
  const [before, after] = [change.before, change.after];
  if (!isObject(before) || !isObject(after)) return [];
  const statements = Object.entries(SIMPLE).flatMap(([setting, pragma]) =>
    before[setting] !== after[setting] && typeof before[setting] === 'number' ? [`PRAGMA ${pragma} = ${before[setting]}`] : [],
  );
  if (before.journal !== after.journal) statements.push(`PRAGMA journal_mode = ${before.journal === 'wal' ? 'wal' : 'delete'}`);
  const others = ['autoVacuum', 'encoding', 'pageSize'].filter((setting) => before[setting] !== after[setting]);
  return [
    ...(statements.length === 0 ? [] : command(change, context, statements)),
    ...(others.length === 0 ? [] : [note(`${others.join(', ')}: only a new file that VACUUM INTO or a dump makes has another`)]),
  ];
};

/** The file stands in the settings of the same database. A comment at the end of a definition must not swallow the semicolon. */
function command({ ref, before }: Change, context: Context, statements: readonly string[]): string[] {
  const file = fileOf(before) ?? fileOf(context.before({ scope: ref.scope, kind: 'sqlite.settings', id: 'settings' }));
  const sql = statements.map((statement) => (statement.includes('--') ? `${statement}\n;` : `${statement};`)).join(' ');
  if (file === undefined) return [note('the file of this database is not known: it stands in sqlite-settings.json')];
  return [note('on the machine that has the file, in the deployment for a relative path'), `sqlite3 -bail ${quote(file)} ${quote(sql)}`];
}

function fileOf(settings: Json | undefined): string | undefined {
  return isObject(settings) && typeof settings.file === 'string' ? settings.file : undefined;
}
