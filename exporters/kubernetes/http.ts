/** One request to an API server, over a socket of this machine or TLS: bounded in time and size, never redirected. */
import { type ClientRequest, type IncomingMessage, type RequestOptions, request as plainRequest } from 'node:http';
import { request as tlsRequest } from 'node:https';
import { createInterface } from 'node:readline';
import { startDeadline } from './deadline.ts';

/** Where the API is: behind `kubectl proxy`, or the server itself with a token and its authority's certificate. */
export type Endpoint =
  | { readonly socketPath: string }
  | { readonly host: string; readonly port: string; readonly ca: string; readonly token: string };

export interface Reply {
  readonly status: number;
  readonly body: string;
  /** Seconds, where the server asks to wait. */
  readonly retryAfter?: number;
}

export interface Bounds {
  readonly signal: AbortSignal;
  /** Milliseconds for the whole answer. */
  readonly timeout: number;
}

export type Send = (path: string, accept: string, bounds: Bounds) => Promise<Reply>;

/** A page of 500 objects is a few megabytes; more than this is no answer but an attack or an accident. */
const MAX_BYTES = 256 * 1024 * 1024;
const MAX_LINE = 16 * 1024 * 1024;

/** Rejects with a `TimeoutError` when the answer is not whole in time, else with what the network said. */
export function sender(endpoint: Endpoint): Send {
  return async (path, accept, { signal, timeout }) => {
    const deadline = startDeadline(timeout, signal);
    try {
      return await exchange(endpoint, path, accept, deadline.signal);
    } catch (error) {
      deadline.signal.throwIfAborted();
      throw error;
    } finally {
      deadline.clear();
    }
  };
}

/** An answer that goes on: its status, and its lines as they come. */
export interface Following {
  readonly status: number;
  readonly lines: AsyncIterable<string>;
}

export type Follow = (path: string, accept: string, signal: AbortSignal) => Promise<Following>;

/** Rejects, or breaks off in the middle of the lines, with what the network said; the signal ends it. */
export function follower(endpoint: Endpoint): Follow {
  return (path, accept, signal) =>
    new Promise((resolve, reject) => {
      const request = open(endpoint, path, accept, signal);
      request.on('error', reject);
      request.on('response', (response: IncomingMessage) => resolve({ status: response.statusCode ?? 0, lines: linesOf(response) }));
      request.end();
    });
}

/** A line is one object of the cluster, which holds at most a few megabytes: without an end in sight it is none. */
async function* linesOf(response: IncomingMessage): AsyncGenerator<string> {
  let failure: Error | undefined;
  response.on('error', (error) => {
    failure = error;
  });
  let size = 0;
  response.on('data', (chunk: Buffer) => {
    size = chunk.includes(10) ? 0 : size + chunk.length;
    if (size > MAX_LINE) response.destroy(new Error(`a line is longer than ${MAX_LINE} bytes`));
  });
  try {
    yield* createInterface({ input: response, crlfDelay: Number.POSITIVE_INFINITY });
  } finally {
    response.destroy();
  }
  if (failure !== undefined) throw failure;
}

function open(endpoint: Endpoint, path: string, accept: string, signal: AbortSignal): ClientRequest {
  const headers = { accept, 'user-agent': 'drifttrail' };
  const options: RequestOptions = { path, method: 'GET', headers, signal };
  if ('socketPath' in endpoint)
    return plainRequest({ ...options, socketPath: endpoint.socketPath, headers: { ...headers, host: 'localhost' } });
  const { host, port, ca, token } = endpoint;
  return tlsRequest({ ...options, host, port, ca, headers: { ...headers, authorization: `Bearer ${token}` } });
}

function exchange(endpoint: Endpoint, path: string, accept: string, signal: AbortSignal): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const request = open(endpoint, path, accept, signal);
    request.on('error', reject);
    request.on('response', (response) => {
      const chunks: Buffer[] = [];
      let size = 0;
      response.on('data', (chunk: Buffer) => {
        size += chunk.length;
        if (size > MAX_BYTES) request.destroy(new Error(`the answer is larger than ${MAX_BYTES} bytes`));
        else chunks.push(chunk);
      });
      response.on('error', reject);
      response.on('aborted', () => reject(new Error('the connection was closed in the middle of the answer')));
      response.on('end', () => {
        const wait = Number(response.headers['retry-after']);
        resolve({
          status: response.statusCode ?? 0,
          body: Buffer.concat(chunks).toString('utf8'),
          ...(Number.isFinite(wait) && wait > 0 ? { retryAfter: wait } : {}),
        });
      });
    });
    request.end();
  });
}
