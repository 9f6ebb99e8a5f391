/** What a message of the log says was asked of the server, and which of it defines something. */
import { fieldsOf } from './formats.ts';

export interface Said {
  readonly text: string;
  /** It had succeeded when this was written. */
  readonly done: boolean;
  /** As pgaudit names the object: with its schema. */
  readonly object?: string;
}

const STATEMENT = /^(?:duration: [\d.]+ ms {2})?(?:statement|execute [^:]*): ([\s\S]*)$/;
/** What pgaudit writes: type, numbers, class, command, kind and name of the object, statement, parameters. */
const AUDIT = /^AUDIT: (?:SESSION|OBJECT),([\s\S]*)$/;
const AUDITED = /^(DDL|ROLE|MISC)$/;

export function saidIn(message: string): Said | undefined {
  const [, text] = STATEMENT.exec(message) ?? [];
  if (text !== undefined) return { text, done: message.startsWith('duration: ') };
  const [, audit] = AUDIT.exec(message) ?? [];
  if (audit === undefined) return undefined;
  const [, , kind = '', , , object = '', statement = ''] = fieldsOf(audit);
  if (!AUDITED.test(kind) || statement === '' || statement === '<none>' || statement.startsWith('<')) return undefined;
  return { text: statement, done: true, ...(object === '' ? {} : { object }) };
}

/** `duration: 1.2 ms` alone: the statement before it came to its end. */
export const isDone = (message: string): boolean => /^duration: [\d.]+ ms$/.test(message);

const DEFINES = /^(CREATE|ALTER|DROP|GRANT|REVOKE|COMMENT|REASSIGN|REFRESH|SECURITY|IMPORT|DO|CLUSTER|REINDEX)$/;
const SLOTS = /\bpg_(?:create_(?:physical|logical)|drop)_replication_slot\s*\(/i;
/** What only log_statement = all writes down. */
const ONLY_ALL = /^(SELECT|BEGIN|START|COMMIT|END|ROLLBACK|ABORT|SET|SHOW|SAVEPOINT|RELEASE|DISCARD|WITH|EXPLAIN|FETCH)$/;
/** These cannot stand in a transaction: when they end, they are done. */
const ALONE = /^(ALTER SYSTEM|(CREATE|DROP) (DATABASE|TABLESPACE)|(CREATE|DROP) SUBSCRIPTION)/;

const MODIFIERS = /^(?:OR REPLACE|TEMPORARY|TEMP|GLOBAL|LOCAL|UNIQUE|UNLOGGED|RECURSIVE|CONSTRAINT|TRUSTED|PROCEDURAL) /;
const TYPES =
  /^(?:ACCESS METHOD|DEFAULT PRIVILEGES|EVENT TRIGGER|FOREIGN DATA WRAPPER|FOREIGN TABLE|MATERIALIZED VIEW|OPERATOR CLASS|OPERATOR FAMILY|TEXT SEARCH \w+|USER MAPPING|LARGE OBJECT|\w+)/;

export interface Statement {
  /** The command's tag: `CREATE FUNCTION`, `ALTER ROLE`. */
  readonly name: string;
  readonly verb: string;
  readonly defines: boolean;
  readonly onlyAll: boolean;
  readonly alone: boolean;
}

export function classify(sql: string): Statement {
  const bare = sql.replace(/^(?:\s+|--[^\n]*\n|\/\*[\s\S]*?\*\/)+/, '');
  const words = bare.slice(0, 200).replaceAll(/\s+/g, ' ').toUpperCase();
  const [verb = ''] = /^[A-Z]+/.exec(words) ?? [];
  let rest = words.slice(verb.length).trimStart();
  while (MODIFIERS.test(rest)) rest = rest.replace(MODIFIERS, '');
  const type = /^(CREATE|ALTER|DROP)$/.test(verb) ? (TYPES.exec(rest)?.[0] ?? '') : '';
  const name = `${verb} ${type}`.trim();
  const slots = verb === 'SELECT' && SLOTS.test(bare);
  const transfers = verb === 'DO' ? /\b(create|alter|drop|grant|revoke|execute)\b/i.test(bare) : true;
  return {
    name,
    verb,
    defines: (DEFINES.test(verb) && transfers) || slots,
    onlyAll: ONLY_ALL.test(verb),
    alone: ALONE.test(name) || slots,
  };
}
