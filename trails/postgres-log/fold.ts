/** From messages to events: who is in which session, which statements stand in one transaction, and how it ended. */
import { createHash } from 'node:crypto';
import type { AuditEvent, Json } from 'drifttrail';
import { SOURCE, SERVER_LOG } from '../../exporters/postgres/events/places.ts';
import { serverScope } from '../../exporters/_sql/scope.ts';
import { splitStatements, withoutSecrets } from '../../exporters/_sql/tokens.ts';
import { actorOf, type Person, personIn } from './actor.ts';
import type { LogRecord } from './record.ts';
import { classify, isDone, saidIn, type Said } from './statement.ts';
import { searchPathIn } from './search-path.ts';

/** What is known of a session between two lines, and between two runs. Nothing in it is a secret. */
interface Session extends Person {
  readonly searchPath?: readonly string[];
  /** A transaction that was begun by a statement that the log shows. */
  readonly begun?: boolean;
  readonly virtualTransaction?: string;
  /** Events that may still turn out to have failed, oldest first; a savepoint stands as its name. */
  readonly open: readonly (AuditEvent | string)[];
  /** Fingerprints of the last message that was a statement: of its text, and of the message itself. */
  readonly last?: string;
  readonly message?: string;
  /** Milliseconds. */
  readonly seen: number;
}

export interface FoldState {
  readonly sessions: Readonly<Record<string, Session>>;
  /** Users whose every statement is logged, BEGIN and COMMIT among them. */
  readonly tellAll: readonly string[];
}

export const FRESH: FoldState = { sessions: {}, tellAll: [] };

export interface Fold {
  readonly take: (record: LogRecord) => void;
  /** All that was learned since the last call: new events, and corrections of earlier ones. */
  readonly events: () => AuditEvent[];
  readonly state: () => FoldState;
  /** Milliseconds. */
  readonly last: () => number | undefined;
}

/** A session that said nothing for so long is forgotten. Milliseconds. */
const FORGET = 24 * 3_600_000;
/** Of one transaction; what came before is no longer corrected. */
const KEPT = 200;
const EMPTY: Session = { open: [], seen: 0 };

export function openFold(server: string, saved: FoldState = FRESH): Fold {
  const sessions = new Map(Object.entries(saved.sessions));
  const tellAll = new Set(saved.tellAll);
  const changed = new Map<string, AuditEvent>();
  /** Events that an earlier run has stored: what is told of them now is a correction. */
  const stored = new Set(
    Object.values(saved.sessions).flatMap(({ open }) => open.flatMap((each) => (typeof each === 'string' ? [] : [each.id]))),
  );
  let last: number | undefined;

  const tell = (event: AuditEvent): AuditEvent => {
    const told = stored.has(event.id) ? { ...event, addendum: true } : event;
    changed.set(told.id, told);
    return told;
  };
  const settle = (session: Session, as: (event: AuditEvent) => AuditEvent, from = 0): Session => {
    for (const each of session.open.slice(from)) if (typeof each !== 'string') tell(as(each));
    return { ...session, open: session.open.slice(0, from) };
  };

  const take = (record: LogRecord): void => {
    last = Math.max(last ?? 0, record.time);
    const known = sessions.get(record.session) ?? EMPTY;
    let session: Session = { ...known, ...personIn(record, known), seen: record.time };
    const said = saidIn(record.message);
    if (/^(ERROR|FATAL|PANIC)$/.test(record.severity)) session = failed(session, record);
    else if (said !== undefined && record.severity === 'LOG') session = asked(session, record, said);
    else if (isDone(record.message) && !tellsOfTransaction(session)) session = outcome(session);
    else if (/^disconnection: /.test(record.message) && session.begun === true) session = { ...settle(session, rolledBack), begun: false };
    if (/^disconnection: /.test(record.message)) sessions.delete(record.session);
    else sessions.set(record.session, session);
  };

  const tellsOfTransaction = (session: Session) => session.begun === true;
  const outcome = (session: Session): Session => (tellAll.has(placeOf(session)) ? settle(session, committed) : session);

  function failed(session: Session, record: LogRecord): Session {
    const error = { code: record.state ?? record.severity, message: withoutSecrets(record.message) };
    const fail = (event: AuditEvent): AuditEvent => ({ ...event, error });
    const isLast = record.statement === undefined || fingerprint(record.statement) === session.last;
    const together = record.virtualTransaction !== undefined && record.virtualTransaction === session.virtualTransaction;
    const savepoint = session.open.findLastIndex((each) => typeof each === 'string');
    if (session.begun === true || together) {
      // With a savepoint what came before it may still be committed.
      return settle(session, fail, savepoint + 1);
    }
    if (!isLast) return session;
    // Several statements of one message are one transaction.
    const from = session.open.findIndex((each) => typeof each !== 'string' && each.extra?.message === session.message);
    return from < 0 ? session : settle(session, fail, from);
  }

  function asked(before: Session, record: LogRecord, said: Said): Session {
    const print = fingerprint(said.text);
    if (said.object !== undefined && print === before.last) return audited(before, said.object);
    let session = isNewTransaction(before, record) ? { ...settle(before, (event) => event), begun: false } : before;
    // In a session that tells all, the next statement shows that the one before succeeded.
    if (session.begun !== true) session = outcome(session);
    const message = fingerprint(`${server} ${record.session} ${record.time} ${record.line ?? ''} ${said.text}`);
    session = {
      ...session,
      last: print,
      message,
      ...(record.virtualTransaction === undefined ? {} : { virtualTransaction: record.virtualTransaction }),
    };
    const texts = splitStatements(said.text);
    // A string of statements that define something is logged whole: that says nothing of the statements beside it.
    if (said.object === undefined && texts.length > 0 && texts.every((text) => classify(text).onlyAll)) tellAll.add(placeOf(session));
    const heard = { record, said, message };
    const [only] = texts;
    return texts.length === 1 && only !== undefined ? statement(session, heard, only, 0) : several(session, heard, texts);
  }

  /** Several statements of one string: how far it came is known only when the next one follows, or an error. */
  function several(before: Session, heard: Heard, texts: readonly string[]): Session {
    let session = before;
    for (const [index, text] of texts.entries()) {
      const { name, verb, defines } = classify(text);
      if (/^(BEGIN|START)$/.test(verb)) session = { ...session, begun: true };
      else if (/^(COMMIT|END)$/.test(verb)) session = { ...session, begun: false };
      else if (/^(ROLLBACK|ABORT)$/.test(verb)) session = rollBack(session, text);
      else if (defines)
        session = {
          ...session,
          open: [...session.open, tell(eventOf({ ...heard, server, session, text, name, index, outcome: 'unknown' }))].slice(-KEPT),
        };
    }
    return session;
  }

  function statement(before: Session, heard: Heard, text: string, index: number): Session {
    const { name, verb, defines, alone } = classify(text);
    let session = before;
    const path = searchPathIn(text, session.user);
    if (path !== undefined) session = { ...session, searchPath: path };
    if (/^(BEGIN|START)$/.test(verb)) return { ...session, begun: true };
    if (/^(COMMIT|END)$/.test(verb)) return { ...settle(session, committed), begun: false };
    if (verb === 'SAVEPOINT') return { ...session, open: [...session.open, savepointIn(text)] };
    if (/^(ROLLBACK|ABORT)$/.test(verb)) return rollBack(session, text);
    if (!defines) return session;
    const sure = alone || (tellAll.has(placeOf(session)) && session.begun !== true);
    const event = tell(eventOf({ ...heard, server, session, text, name, index, outcome: sure ? 'committed' : 'unknown' }));
    return { ...session, open: [...session.open, event].slice(-KEPT) };
  }

  function rollBack(session: Session, text: string): Session {
    const [, to] = /^(?:rollback|abort)\s+(?:work\s+|transaction\s+)?to\s+(?:savepoint\s+)?(.+?)\s*$/i.exec(text) ?? [];
    if (to === undefined) return { ...settle(session, rolledBack), begun: false };
    const at = session.open.lastIndexOf(`savepoint ${to.toLowerCase()}`);
    return at < 0 ? session : { ...settle(session, rolledBack, at + 1), begun: true };
  }

  /** pgaudit tells of a statement that log_statement has told already: what it adds is the schema. */
  function audited(session: Session, object: string): Session {
    const open = session.open.map((each, index) => {
      if (typeof each === 'string' || index < session.open.length - 1) return each;
      return tell({ ...each, request: { ...(each.request as object), object } as Json });
    });
    return { ...session, open };
  }

  return {
    take,
    events: () => {
      const found = [...changed.values()];
      for (const { id } of found) stored.add(id);
      changed.clear();
      return found;
    },
    state: () => ({
      sessions: Object.fromEntries(
        [...sessions].filter(([, { seen }]) => seen > (last ?? 0) - FORGET).map(([id, session]) => [id, session]),
      ),
      tellAll: [...tellAll].sort(),
    }),
    last: () => last,
  };
}

const placeOf = ({ user, database }: Session): string => `${user ?? ''}@${database ?? ''}`;
const savepointIn = (text: string): string => `savepoint ${(text.split(/\s+/)[1] ?? '').toLowerCase()}`;
const isNewTransaction = (session: Session, { virtualTransaction }: LogRecord): boolean =>
  virtualTransaction !== undefined && virtualTransaction !== session.virtualTransaction && session.begun !== true;

const withOutcome = (event: AuditEvent, outcome: string): AuditEvent => ({
  ...event,
  request: { ...(event.request as object), outcome } as Json,
});
const committed = (event: AuditEvent): AuditEvent => withOutcome(event, 'committed');
const rolledBack = (event: AuditEvent): AuditEvent => ({
  ...event,
  error: { code: 'rolled-back', message: 'its transaction was rolled back' },
});

const fingerprint = (text: string): string => createHash('sha256').update(text.trim()).digest('hex').slice(0, 16);

/** A message that says what was asked, and its fingerprint. */
interface Heard {
  readonly record: LogRecord;
  readonly said: Said;
  readonly message: string;
}

interface Made extends Heard {
  readonly server: string;
  readonly session: Session;
  readonly text: string;
  readonly name: string;
  readonly index: number;
  readonly outcome: 'committed' | 'unknown';
}

/** Longer ones are cut: what a statement does stands at its beginning. */
const LONGEST = 100_000;

function eventOf({ server, session, record, said, message, text, name, index, outcome }: Made): AuditEvent {
  const { searchPath, database, application } = session;
  return {
    id: `pg-${message}-${index}`,
    time: new Date(record.time).toISOString(),
    source: SOURCE,
    name,
    account: server,
    region: SERVER_LOG,
    readOnly: false,
    actor: actorOf(session),
    request: {
      statement: withoutSecrets(text).slice(0, LONGEST),
      database: database ?? '',
      outcome,
      ...(application === undefined ? {} : { application }),
      ...(searchPath === undefined || searchPath.length === 0 ? {} : { searchPath: [...searchPath] }),
      ...(said.object === undefined ? {} : { object: said.object }),
    },
    response: null,
    extra: { session: record.session, message, ref: { scope: serverScope(server) } },
  };
}
