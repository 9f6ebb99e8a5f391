/** What is kept as SQL comes back by running that SQL; rights and variables one by one. */
import { type Change, isObject, type JsonObject, type Kind } from 'drifttrail';
import { note, quote } from '../_shell/words.ts';
import { databaseOf, isServerScope, serverOf } from '../_sql/scope.ts';
import { accountName, ident, literal } from './names.ts';

type Undo = NonNullable<Kind['undo']>;

const DELIMITERS = ['//', '$$', '@@', ';;;', '%%%%'];
const WORDS: Readonly<Record<string, string>> = {
  'mysql.procedure': 'PROCEDURE',
  'mysql.function': 'FUNCTION',
  'mysql.trigger': 'TRIGGER',
  'mysql.event': 'EVENT',
  'mysql.view': 'VIEW',
  'mysql.table': 'TABLE',
};

/**
 * Without `--binary-mode` the client would carry out commands of its own, among them one that starts a shell, in what it is given.
 * MariaDB's client is called `mariadb` by now, and MySQL's has its old name; both read this.
 */
function client({ ref: { scope } }: Pick<Change, 'ref'>, statements: readonly string[]): string[] {
  if (statements.length === 0) return [];
  const whole = statements.join('\n');
  const delimiter = DELIMITERS.find((each) => !whole.includes(each)) ?? '-- end of statement --';
  const several = statements.length > 1 || whole.includes(';');
  const text = several ? statements.map((statement) => `${statement.replace(/;\s*$/, '')}${delimiter}`).join('\n') : whole;
  const database = isServerScope(scope) ? '' : ` ${quote(databaseOf(scope))}`;
  return [
    note(
      `on the server ${serverOf(scope)}: add --host, --user and --password, or have them in .my.cnf in your home folder, and for MySQL call mysql in place of mariadb`,
    ),
    `mariadb --comments --binary-mode${several ? ` --delimiter=${quote(delimiter)}` : ''} -e ${quote(text)}${database}`,
  ];
}

const said = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
const objectOf = (value: unknown): JsonObject => (isObject(value as JsonObject) ? (value as JsonObject) : {});

export const undoText: Undo = (change) => {
  const word = WORDS[change.ref.kind] ?? '';
  const name = ident(change.ref.id);
  const before = said(change.before);
  if (change.type === 'created') {
    if (word === 'TABLE')
      return [
        ...client(change, [`RENAME TABLE ${name} TO ${ident(`${change.ref.id}_undone`)}`]),
        note('renamed, not dropped: it may hold data by now'),
      ];
    return client(change, [`DROP ${word} ${name}`]);
  }
  if (before === undefined) return [];
  if (before.includes('«redacted:')) return [note('it holds secrets that are not kept: put those lines back by hand')];
  if (word === 'TABLE' && change.type === 'modified')
    return [note(`no single command puts a table back: git -C snapshots log -p -- ${change.path} has both definitions`)];
  const [, mode, body = before] = /^-- sql_mode: (.*)\n([\s\S]*)$/.exec(before) ?? [];
  const drop = change.type === 'modified' && word !== 'VIEW' ? [`DROP ${word} ${name}`] : [];
  const made = [...(mode === undefined ? [] : [`SET sql_mode = ${literal(mode)}`]), ...drop, body.trimEnd()];
  return [...client(change, made), ...(word === 'TABLE' ? [note('its rows do not come back by that')] : [])];
};

/** What was in it comes back by the findings of each, after it. */
export const undoDatabase: Undo = (change) => {
  const name = ident(change.ref.id);
  if (change.type === 'created') return [note(`not dropped for you: DROP DATABASE takes all that is in ${change.ref.id} by now`)];
  const { characters, collation, comment } = objectOf(change.before);
  const options = [
    ...(said(characters) === undefined ? [] : [` CHARACTER SET ${said(characters)}`]),
    ...(said(collation) === undefined ? [] : [` COLLATE ${said(collation)}`]),
    ...(said(comment) === undefined ? [] : [` COMMENT ${literal(String(comment))}`]),
  ];
  if (change.type === 'modified') return client(change, [`ALTER DATABASE ${name}${options.join('')}`]);
  return [
    ...client(change, [`CREATE DATABASE ${name}${options.join('')}`]),
    note('then what was in it, by the undo of each; rows do not come back'),
  ];
};

export const undoVariables: Undo = (change) => {
  const [before, after] = [objectOf(change.before), objectOf(change.after)];
  const statements = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort().flatMap((name) => {
    const [old, now] = [objectOf(before[name]).value, objectOf(after[name]).value];
    if (old === now || typeof old !== 'string') return [];
    return [`SET GLOBAL ${name} = ${/^-?\d+(\.\d+)?$/.test(old) ? old : literal(old)}`];
  });
  return statements.length === 0 ? [] : [...client(change, statements), note('what is to last must stand in the option file too')];
};

export const undoAccount: Undo = (change) => {
  const { id } = change.ref;
  const name = accountName(id);
  const [before, after] = [objectOf(change.before), objectOf(change.after)];
  if (change.type === 'created') {
    if (after.role === true) return client(change, [`DROP ROLE ${name}`]);
    return [...client(change, [`ALTER USER ${name} ACCOUNT LOCK`]), note('locked, not dropped: DROP USER drops it')];
  }
  const grants = (side: JsonObject) => (Array.isArray(side.grants) ? side.grants.map(String) : []);
  const [old, now] = [grants(before), grants(after)];
  const made = change.type === 'deleted' ? [before.role === true ? `CREATE ROLE ${name}` : `CREATE USER ${name} ACCOUNT LOCK`] : [];
  const revoked = now.filter((grant) => !old.includes(grant)).flatMap((grant) => revoke(grant) ?? []);
  const granted = old.filter((grant) => !now.includes(grant) && !/^GRANT USAGE ON \*\.\* TO [^ ]+$/.test(grant));
  const statements = [...made, ...revoked, ...granted];
  const lost = change.type === 'deleted' ? [note('its password is not kept: ALTER USER sets one and unlocks it')] : [];
  const password = before.verifier !== after.verifier && change.type === 'modified' ? [note('the old password is not kept')] : [];
  return [...client(change, statements), ...lost, ...password];
};

/** `GRANT a ON b TO c WITH …` → `REVOKE a ON b FROM c`; undefined for USAGE, which is no right. */
function revoke(grant: string): string[] | undefined {
  const [, rights = '', to = '', rest = ''] = /^GRANT (.*?) TO ((?:`(?:[^`]|``)*`)(?:@(?:`(?:[^`]|``)*`))?)(.*)$/s.exec(grant) ?? [];
  if (rights === '' || rights.startsWith('USAGE ON')) return undefined;
  const on = / ON (.*)$/s.exec(rights)?.[1];
  return [
    ...(rest.includes('GRANT OPTION') && on !== undefined ? [`REVOKE GRANT OPTION ON ${on} FROM ${to}`] : []),
    `REVOKE ${rights} FROM ${to}`,
  ];
}

const bare = (key: string): string => key.replace(/ \([^)]*\)$/, '');

export const undoPlugin: Undo = (change) => {
  const [before, after] = [objectOf(change.before), objectOf(change.after)];
  const statements = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort().flatMap((name) => {
    if (before[name] === undefined) return [`UNINSTALL PLUGIN ${ident(bare(name))}`];
    const { library } = objectOf(before[name]);
    return after[name] === undefined && typeof library === 'string'
      ? [`INSTALL PLUGIN ${ident(bare(name))} SONAME ${literal(library)}`]
      : [];
  });
  return client(change, statements);
};
