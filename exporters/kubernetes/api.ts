/** Answers of the API server as data, and what it refuses as faults in the words of gaps. */
import { type GapReason, isObject, type JsonObject, type Surroundings } from 'drifttrail';
import type { Bounds, Reply, Send } from './http.ts';

/** What was asked for and did not come. */
export class ApiError extends Error {
  readonly reason: GapReason;
  /** HTTP status; 0 when there was no answer. */
  readonly status: number;
  constructor(reason: GapReason, status: number, message: string) {
    super(message);
    this.name = 'ApiError';
    this.reason = reason;
    this.status = status;
  }
}

export interface Api {
  /** @throws {ApiError} when the answer is no success or no JSON object */
  readonly get: (path: string, accept?: string) => Promise<JsonObject>;
}

const JSON_ONLY = 'application/json';
/** Tries of one request, and milliseconds before the second and third. */
const WAITS = [500, 2000];
/** Seconds; a server that asks for more is busy enough to be left alone. */
const LONGEST_WAIT = 15;

/** Busy and briefly absent servers are asked again; refusals are not. */
export function createApi(send: Send, bounds: Bounds, { sleep }: Pick<Surroundings, 'sleep'>): Api {
  const ask = async (path: string, accept: string): Promise<Reply> => {
    for (const wait of WAITS) {
      const reply = await tried(send, path, accept, bounds);
      if (!isPassing(reply.status)) return reply;
      await sleep(reply.retryAfter === undefined ? wait : Math.min(reply.retryAfter, LONGEST_WAIT) * 1000, bounds.signal);
    }
    return tried(send, path, accept, bounds);
  };
  return {
    get: async (path, accept = JSON_ONLY) => {
      const { status, body } = await ask(path, accept);
      const answer = parsed(body);
      if (status !== 200) throw refused(status, path, answer ?? body);
      if (answer === undefined) throw new ApiError('invalid', status, `${path} answered with something that is no JSON object`);
      return answer;
    },
  };
}

async function tried(send: Send, path: string, accept: string, bounds: Bounds): Promise<Reply> {
  try {
    return await send(path, accept, bounds);
  } catch (error) {
    bounds.signal.throwIfAborted();
    const late = error instanceof Error && error.name === 'TimeoutError';
    const what = late ? `no whole answer in ${bounds.timeout / 1000} s` : String((error as NodeJS.ErrnoException).code ?? error);
    throw new ApiError('unreachable', 0, `${path}: ${what}`);
  }
}

/** 502 is what `kubectl proxy` says when it does not get through: asked again, it only takes longer. */
function isPassing(status: number): boolean {
  return status === 429 || status === 500 || status === 503 || status === 504;
}

const REASONS: Readonly<Record<number, GapReason>> = { 401: 'denied', 403: 'denied', 404: 'invalid', 410: 'truncated', 429: 'throttled' };

function refused(status: number, path: string, answer: JsonObject | string): ApiError {
  const told = isObject(answer) && typeof answer.message === 'string' ? answer.message : typeof answer === 'string' ? answer : '';
  const word = told.trim().split('\n')[0]?.slice(0, 300) ?? '';
  return new ApiError(REASONS[status] ?? 'unreachable', status, `${path.replace(/\?.*/, '')}: ${status}${word === '' ? '' : ` ${word}`}`);
}

function parsed(body: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return isObject(value) ? value : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
