/** The one way out to the network for outlets: checked and pinned address, https, no redirects, ten seconds. */
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP } from 'node:net';
import type { Answer, OutgoingRequest, Receipt, Surroundings } from '../model.ts';
import { deadlineOf } from './deadline.ts';
import { cut, neutraliseLine } from './escape.ts';
import { type Resolve, reasonOf, targetOf } from './target.ts';

export interface SenderOptions {
  /** Set by the outlet's configuration: its receiver stands in a private network; then http is allowed too. */
  readonly allowPrivate?: boolean;
  /** Milliseconds for the whole exchange; default 10,000. */
  readonly timeout?: number;
  /** Ends the exchange early. */
  readonly signal?: AbortSignal;
  /** Host name → addresses; default the system's resolver. */
  readonly resolve?: Resolve;
}

export type Send = (request: OutgoingRequest) => Promise<Receipt>;
export type Ask = (request: OutgoingRequest) => Promise<Answer>;

const MOST_REASON = 2000; // characters looked at for the reason of a refusal
const MOST_ANSWER = 8 * 1024 * 1024; // characters kept of an answer: a page of issues

/** As `createAsker`, for who does not want to know what was answered. */
export function createSender(surroundings: Pick<Surroundings, 'now'>, options: SenderOptions = {}): Send {
  const ask = createAsker(surroundings, options);
  return async (request) => {
    const { code: _code, body: _body, ...receipt } = await ask(request);
    return receipt;
  };
}

/** Never throws: what went wrong is in the receipt, without the address's path, query or credentials. */
export function createAsker(surroundings: Pick<Surroundings, 'now'>, options: SenderOptions = {}): Ask {
  const { allowPrivate = false, timeout = 10_000, signal, resolve } = options;
  return async (request) => {
    const url = URL.canParse(request.url) ? new URL(request.url) : undefined;
    if (url === undefined) return unanswered(rejected('the address is no valid URL'));
    if (url.protocol !== 'https:' && !(url.protocol === 'http:' && allowPrivate)) {
      return unanswered(rejected(`${url.protocol}// is not allowed; use https, or set allowPrivate for a receiver in your own network`));
    }
    const deadline = deadlineOf(timeout, signal);
    try {
      const target = await targetOf(url.hostname.replace(/^\[|\]$/g, ''), allowPrivate, deadline.signal, resolve);
      if ('refused' in target) return unanswered(rejected(target.refused));
      if ('missing' in target) return unanswered(retry(target.missing));
      const { status, retryAfter, body } = await exchange(url, target.address, request, deadline.signal);
      return { ...receiptOf({ status, retryAfter, body: body.slice(0, MOST_REASON) }, url, surroundings.now()), code: status, body };
    } catch (error) {
      return unanswered(retry(`${url.hostname}: ${deadline.late() ? `no answer within ${timeout / 1000} s` : reasonOf(error)}`));
    } finally {
      deadline.clear();
    }
  };
}

function unanswered(receipt: Receipt): Answer {
  return { ...receipt, body: '' };
}

interface HttpAnswer {
  readonly status: number;
  readonly retryAfter: string | undefined;
  readonly body: string;
}

function exchange(url: URL, address: string, request: OutgoingRequest, signal: AbortSignal): Promise<HttpAnswer> {
  const method = request.method ?? 'POST';
  const body = Buffer.from(method === 'GET' ? '' : request.body);
  return new Promise((resolve, reject) => {
    const start = url.protocol === 'https:' ? requestHttps : requestHttp;
    const outgoing = start(
      url,
      {
        method,
        agent: false,
        signal,
        headers: {
          'content-type': 'application/json; charset=utf-8',
          'user-agent': 'drifttrail',
          ...request.headers,
          ...(method === 'GET' ? {} : { 'content-length': body.length }),
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

function receiptOf(answer: HttpAnswer, url: URL, now: Date): Receipt {
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

function rejected(detail: string): Receipt {
  return { status: 'rejected', detail };
}

function retry(detail: string): Receipt {
  return { status: 'retry', detail };
}
