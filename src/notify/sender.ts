/** The one way out to the network for outlets: checked and pinned address, https, no redirects, ten seconds. */
import { lookup } from 'node:dns/promises';
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP } from 'node:net';
import type { OutgoingRequest, Receipt, Surroundings } from '../model.ts';
import { refusal } from './address.ts';
import { cut, neutraliseLine } from './escape.ts';

export interface SenderOptions {
  /** Set by the outlet's configuration: its receiver stands in a private network; then http is allowed too. */
  readonly allowPrivate?: boolean;
  /** Milliseconds for the whole exchange; default 10,000. */
  readonly timeout?: number;
  /** Ends the exchange early. */
  readonly signal?: AbortSignal;
  /** Host name → addresses; default the system's resolver. */
  readonly resolve?: (host: string) => Promise<readonly string[]>;
}

export type Send = (request: OutgoingRequest) => Promise<Receipt>;

const MOST_ANSWER = 2000; // characters kept of an answer, enough for its reason

/** Never throws: what went wrong is in the receipt, without the address's path, query or credentials. */
export function createSender(surroundings: Pick<Surroundings, 'now'>, options: SenderOptions = {}): Send {
  const { allowPrivate = false, timeout = 10_000, signal, resolve = resolveAll } = options;
  return async (request) => {
    const url = URL.canParse(request.url) ? new URL(request.url) : undefined;
    if (url === undefined) return rejected('the address is no valid URL');
    if (url.protocol !== 'https:' && !(url.protocol === 'http:' && allowPrivate)) {
      return rejected(`${url.protocol}// is not allowed; use https, or set allowPrivate for a receiver in your own network`);
    }
    const deadline = AbortSignal.any([AbortSignal.timeout(timeout), ...(signal === undefined ? [] : [signal])]);
    try {
      const host = url.hostname.replace(/^\[|\]$/g, '');
      const addresses = isIP(host) === 0 ? await untilAborted(resolve(host), deadline) : [host];
      const [address] = addresses;
      if (address === undefined) return retry(`${host} has no address`);
      for (const candidate of addresses) {
        const why = refusal(candidate, allowPrivate);
        if (why !== undefined)
          return rejected(`${host} is a ${why} address and was refused${allowPrivate ? '' : '; set allowPrivate if that is meant'}`);
      }
      return receiptOf(await exchange(url, address, request, deadline), url, surroundings.now());
    } catch (error) {
      return retry(`${url.hostname}: ${deadline.aborted ? `no answer within ${timeout / 1000} s` : reasonOf(error)}`);
    }
  };
}

interface Answer {
  readonly status: number;
  readonly retryAfter: string | undefined;
  readonly body: string;
}

function exchange(url: URL, address: string, request: OutgoingRequest, signal: AbortSignal): Promise<Answer> {
  const body = Buffer.from(request.body);
  return new Promise((resolve, reject) => {
    const start = url.protocol === 'https:' ? requestHttps : requestHttp;
    const outgoing = start(
      url,
      {
        method: 'POST',
        agent: false,
        signal,
        headers: {
          'content-type': 'application/json; charset=utf-8',
          'user-agent': 'drifttrail',
          ...request.headers,
          'content-length': body.length,
        },
        // The address that was checked is the one that is called, whatever the name resolves to by now.
        lookup: (_host, settings, done) => {
          const family = isIP(address);
          if (settings.all === true) done(null, [{ address, family }]);
          else done(null, address, family);
        },
      },
      (incoming) => {
        let text = '';
        incoming.setEncoding('utf8');
        incoming.on('data', (chunk: string) => {
          if (text.length < MOST_ANSWER) text += chunk;
          else incoming.destroy();
        });
        const finish = () =>
          resolve({ status: incoming.statusCode ?? 0, retryAfter: incoming.headers['retry-after'], body: text.slice(0, MOST_ANSWER) });
        incoming.on('end', finish);
        incoming.on('close', finish);
        incoming.on('error', reject);
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

function receiptOf(answer: Answer, url: URL, now: Date): Receipt {
  const { status } = answer;
  const said = `${url.hostname} answered ${status}`;
  if (status >= 200 && status < 300) return { status: 'delivered', detail: said };
  const reason = withoutSecrets(answer.body, url);
  const detail = reason === '' ? said : `${said}: ${reason}`;
  if (status >= 300 && status < 400) return rejected(`${said}; redirects are not followed`);
  if (status !== 408 && status !== 425 && status !== 429 && status < 500) return rejected(detail);
  const retryAfter = millisecondsUntil(answer.retryAfter, now);
  return retryAfter === undefined ? retry(detail) : { ...retry(detail), retryAfter };
}

/** RFC 9110: seconds or a date. */
function millisecondsUntil(header: string | undefined, now: Date): number | undefined {
  if (header === undefined) return undefined;
  const milliseconds = /^\d+$/.test(header.trim()) ? Number(header) * 1000 : Date.parse(header) - now.getTime();
  return Number.isFinite(milliseconds) ? Math.max(0, milliseconds) : undefined;
}

/** An answer may echo the address it was called by. */
function withoutSecrets(body: string, url: URL): string {
  const secrets = [
    url.href,
    url.pathname + url.search,
    url.pathname,
    url.search,
    url.password,
    ...url.pathname.split('/'),
    ...url.searchParams.values(),
  ];
  const parts = secrets.filter((secret) => secret.length >= 6).sort((a, b) => b.length - a.length);
  return cut(neutraliseLine(parts.reduce((text, secret) => text.replaceAll(secret, '…'), body)), 200);
}

/** Codes such as ECONNREFUSED; other messages may hold the address. */
function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : 'the exchange failed';
}

async function resolveAll(host: string): Promise<readonly string[]> {
  return (await lookup(host, { all: true })).map((entry) => entry.address);
}

function untilAborted<Value>(promise: Promise<Value>, signal: AbortSignal): Promise<Value> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

function rejected(detail: string): Receipt {
  return { status: 'rejected', detail };
}

function retry(detail: string): Receipt {
  return { status: 'retry', detail };
}
