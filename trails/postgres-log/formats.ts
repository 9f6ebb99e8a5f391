/** The three formats of the log: csvlog, jsonlog, and plain text behind a prefix. */
import { DrifttrailError, isObject, type Json } from 'drifttrail';
import type { LogOptions } from './options.ts';
import { type Field, parsePrefix } from './prefix.ts';
import { compact, type LogRecord, type Parser } from './record.ts';
import { timeOf } from './time.ts';

export function parserOf({ format, prefix, zone }: LogOptions): Parser {
  if (format === 'csv') return csvParser(zone);
  return format === 'json' ? jsonParser(zone) : stderrParser(prefix, zone);
}

/** A field that quotes itself may hold line breaks: a record ends where the quotes are even. */
function csvParser(zone: string): Parser {
  let open: string | undefined;
  let strange = 0;
  const take = (line: string): LogRecord[] => {
    const text = open === undefined ? line : `${open}\n${line}`;
    if ((text.split('"').length - 1) % 2 === 1) {
      open = text;
      return [];
    }
    open = undefined;
    const record = csvRecord(fieldsOf(text), zone);
    if (record === undefined) strange++;
    return record === undefined ? [] : [record];
  };
  return { take, flush: () => [], whole: () => open === undefined, strange: () => strange };
}

export function fieldsOf(text: string): string[] {
  return [...text.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, bare]) => quoted?.replaceAll('""', '"') ?? bare ?? '');
}

/** https://www.postgresql.org/docs/current/runtime-config-logging.html: the columns of csvlog; newer versions add some at the end. */
function csvRecord(fields: readonly string[], zone: string): LogRecord | undefined {
  const [time, user, database, process, from = '', session, line, , , vxid, , severity, state, message] = fields;
  const at = timeOf(time ?? '', zone);
  if (at === undefined || fields.length < 23 || severity === undefined || message === undefined) return undefined;
  return compact({
    time: at,
    session: session || (process ?? ''),
    line,
    virtualTransaction: vxid,
    user,
    database,
    host: from.replace(/^(.*):\d+$/, '$1'),
    application: fields[22],
    severity,
    state,
    message,
    statement: fields[19],
  });
}

function jsonParser(zone: string): Parser {
  let strange = 0;
  const take = (line: string): LogRecord[] => {
    let value: Json;
    try {
      value = JSON.parse(line) as Json;
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      strange++;
      return [];
    }
    const text = (key: string): string | undefined => {
      const member = isObject(value) ? value[key] : undefined;
      return member === undefined || member === null ? undefined : String(member);
    };
    const at = timeOf(text('timestamp') ?? '', zone);
    if (at === undefined) {
      strange++;
      return [];
    }
    return [
      compact({
        time: at,
        session: text('session_id') ?? text('pid') ?? '',
        line: text('line_num'),
        virtualTransaction: text('vxid'),
        user: text('user'),
        database: text('dbname'),
        host: text('remote_host'),
        application: text('application_name'),
        severity: text('error_severity') ?? '',
        state: text('state_code'),
        message: text('message') ?? '',
        statement: text('statement'),
      }),
    ];
  };
  return { take, flush: () => [], whole: () => true, strange: () => strange };
}

/** Lines that begin with a tab go on with the one before; what belongs to a message (DETAIL, STATEMENT …) follows it. */
function stderrParser(prefix: string, zone: string): Parser {
  const patterns = parsePrefix(prefix);
  if (patterns === undefined)
    throw new DrifttrailError({ code: 'prefix-invalid', message: 'log_line_prefix tells no time', remedy: 'use %m in it' });
  let open: LogRecord | undefined;
  let part: 'message' | 'statement' | 'other' = 'other';
  let strange = 0;
  const close = (): LogRecord[] => {
    const done = open === undefined ? [] : [open];
    open = undefined;
    return done;
  };
  const take = (line: string): LogRecord[] => {
    if (line.startsWith('\t')) {
      if (open !== undefined && part !== 'other') open = { ...open, [part]: `${open[part] ?? ''}\n${line.slice(1)}` };
      return [];
    }
    const groups = (patterns.session.exec(line) ?? patterns.process.exec(line))?.groups as
      | Partial<Record<Field | 'severity' | 'message', string>>
      | undefined;
    const epoch = groups?.epoch === undefined ? undefined : Number(groups.epoch) * 1000;
    const at = groups === undefined ? undefined : (epoch ?? timeOf(groups.time ?? '', zone));
    if (groups === undefined || at === undefined) {
      strange++;
      part = 'other';
      return [];
    }
    const { severity = '', message = '' } = groups;
    if (/^(STATEMENT|DETAIL|HINT|CONTEXT|QUERY|LOCATION|BACKTRACE)$/.test(severity)) {
      part = severity === 'STATEMENT' ? 'statement' : 'other';
      if (open !== undefined && part === 'statement') open = { ...open, statement: message };
      return [];
    }
    const done = close();
    part = 'message';
    open = compact({
      time: at,
      session: groups.session ?? groups.process ?? '',
      line: groups.line,
      virtualTransaction: groups.virtualTransaction,
      user: known(groups.user),
      database: known(groups.database),
      host: groups.host?.replace(/\(\d+\)$/, ''),
      application: known(groups.application),
      severity,
      state: groups.state,
      message,
    });
    return done;
  };
  return { take, flush: close, whole: () => open === undefined, strange: () => strange };
}

const known = (name: string | undefined): string | undefined => (name === '[unknown]' ? undefined : name);
