/** Where an outlet may go: a host's addresses, all checked, and the one that is then called, whatever the name says later. */
import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { refusal } from './address.ts';

/** Host name → addresses. */
export type Resolve = (host: string) => Promise<readonly string[]>;

export type Target = { readonly address: string } | { readonly refused: string } | { readonly missing: string };

/** Rejects when the name cannot be resolved, or the signal comes first. */
export async function targetOf(host: string, allowPrivate: boolean, signal: AbortSignal, resolve: Resolve = resolveAll): Promise<Target> {
  const addresses = isIP(host) === 0 ? await untilAborted(resolve(host), signal) : [host];
  for (const candidate of addresses) {
    const why = refusal(candidate, allowPrivate);
    if (why !== undefined)
      return { refused: `${host} is a ${why} address and was refused${allowPrivate ? '' : '; set allowPrivate if that is meant'}` };
  }
  const [address] = addresses;
  return address === undefined ? { missing: `${host} has no address` } : { address };
}

/** Codes such as ECONNREFUSED; other messages may hold the address. */
export function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : 'the exchange failed';
}

async function resolveAll(host: string): Promise<readonly string[]> {
  return (await lookup(host, { all: true })).map((entry) => entry.address);
}

export function untilAborted<Value>(promise: Promise<Value>, signal: AbortSignal): Promise<Value> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
