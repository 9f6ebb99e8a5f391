/** One query from its start to its last page: waits for it, takes it back when it takes too long, and says why it failed. */
import type { Surroundings } from 'drifttrail';
import { errorName, type Fault, faultOf } from '../../exporters/_aws/errors.ts';
import type { Row } from './records.ts';

/** `why` in the service's words. */
interface Ended {
  readonly is: 'failed' | 'cancelled' | 'timed-out';
  readonly why: string;
}
export type State = { readonly is: 'running' } | { readonly is: 'done' } | Ended;

/** A service that answers SQL in its own time. */
export interface Engine {
  readonly region: string;
  /** The calls by the names that policies give them. */
  readonly actions: { readonly start: string; readonly state: string; readonly rows: string };
  /** Resolves to the query's id. */
  readonly start: (sql: string, signal: AbortSignal) => Promise<string>;
  readonly state: (id: string, signal: AbortSignal) => Promise<State>;
  /** Page by page. */
  readonly rows: (id: string, signal: AbortSignal) => AsyncIterable<readonly Row[]>;
  readonly cancel: (id: string, signal: AbortSignal) => Promise<void>;
  /** What to do about errors of this service, by name. */
  readonly remedies: Readonly<Record<string, string>>;
}

export interface RunDeps extends Pick<Surroundings, 'now' | 'sleep'> {
  readonly signal: AbortSignal;
  /** Milliseconds until the query is taken back. */
  readonly deadline: number;
}

/** Why there is no answer, as a gap. */
export class QueryFault extends Error {
  readonly fault: Fault;
  constructor(fault: Fault) {
    super(fault.detail);
    this.name = 'QueryFault';
    this.fault = fault;
  }
}

/** Milliseconds between two looks: short at first, because most queries of a few minutes' events are. */
const SOON = 300;
const SELDOM = 5_000;
const GIVE_UP_CANCELLING = 5_000;
/** The account runs as many queries as it may; the SDK does not wait for that. */
const BUSY = 'MaxConcurrentQueriesException';

/** Rejects with QueryFault, or with the signal's reason. */
export async function* runQuery(engine: Engine, sql: string, deps: RunDeps): AsyncGenerator<readonly Row[]> {
  const { signal, now } = deps;
  const end = now().getTime() + deps.deadline;
  const id = await start(engine, sql, end, deps);
  let open = true;
  try {
    await finished(engine, id, end, deps);
    open = false;
  } finally {
    if (open) await takeBack(engine, id);
  }
  try {
    yield* engine.rows(id, signal);
  } catch (error) {
    signal.throwIfAborted();
    throw faultIn(engine, engine.actions.rows, error);
  }
}

async function start(engine: Engine, sql: string, end: number, { signal, now, sleep }: RunDeps): Promise<string> {
  for (;;) {
    try {
      return await engine.start(sql, signal);
    } catch (error) {
      signal.throwIfAborted();
      if (errorName(error) !== BUSY || now().getTime() + SELDOM > end) throw faultIn(engine, engine.actions.start, error);
    }
    await sleep(SELDOM, signal);
  }
}

async function finished(engine: Engine, id: string, end: number, { signal, now, sleep, deadline }: RunDeps): Promise<void> {
  for (let pause = SOON; ; pause = Math.min(pause * 1.5, SELDOM)) {
    await sleep(pause, signal);
    const state = await stateOf(engine, id, signal);
    if (state.is === 'done') return;
    if (state.is !== 'running') throw new QueryFault(endOf(engine, id, state));
    if (now().getTime() > end) {
      const detail = `query ${id} in ${engine.region} was not ready after ${deadline / 1000} s and was taken back; raise deadline, or read more often`;
      throw new QueryFault({ reason: 'truncated', detail });
    }
  }
}

async function stateOf(engine: Engine, id: string, signal: AbortSignal): Promise<State> {
  try {
    return await engine.state(id, signal);
  } catch (error) {
    signal.throwIfAborted();
    throw faultIn(engine, engine.actions.state, error);
  }
}

function endOf({ region }: Engine, id: string, { is, why }: Ended): Fault {
  const words = why === '' ? '' : `: ${why.replaceAll(/\s+/g, ' ').slice(0, 300)}`;
  if (is === 'cancelled') return { reason: 'truncated', detail: `query ${id} in ${region} was cancelled by somebody${words}; run again` };
  if (is === 'timed-out') return { reason: 'truncated', detail: `query ${id} in ${region} ran longer than the service allows${words}` };
  return { reason: 'invalid', detail: `query ${id} in ${region} failed${words}` };
}

/** What is left running costs money; that it cannot be taken back changes nothing for us. */
async function takeBack(engine: Engine, id: string): Promise<void> {
  try {
    await engine.cancel(id, AbortSignal.timeout(GIVE_UP_CANCELLING));
  } catch {
    return; // It may have ended in between, and the reason why it is taken back is told already.
  }
}

function faultIn({ region, remedies }: Engine, action: string, error: unknown): QueryFault {
  const fault = faultOf(error, { action, region });
  const name = errorName(error);
  const remedy = remedies[name];
  const reason = name === BUSY ? 'throttled' : fault.reason;
  return new QueryFault({ reason, detail: remedy === undefined ? fault.detail : `${fault.detail}; ${remedy}` });
}
