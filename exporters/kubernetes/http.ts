/** One request to an API server, over a socket of this machine or TLS: bounded in time and size, never redirected. */
import { type RequestOptions, request as plainRequest } from 'node:http';
import { request as tlsRequest } from 'node:https';
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

function exchange(endpoint: Endpoint, path: string, accept: string, signal: AbortSignal): Promise<Reply> {
  const headers = { accept, 'user-agent': 'drifttrail' };
  return new Promise((resolve, reject) => {
    const options: RequestOptions = { path, method: 'GET', headers, signal };
    const request =
      'socketPath' in endpoint
        ? plainRequest({ ...options, socketPath: endpoint.socketPath, headers: { ...headers, host: 'localhost' } })
        : tlsRequest({
            ...options,
            host: endpoint.host,
            port: endpoint.port,
            ca: endpoint.ca,
            headers: { ...headers, authorization: `Bearer ${endpoint.token}` },
          });
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
