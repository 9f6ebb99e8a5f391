/** Where the dashboard listens, and by which names it may be called. */
import { isIP } from 'node:net';
import { DrifttrailError } from '../errors.ts';

export interface Address {
  /** An IP address. */
  readonly host: string;
  readonly port: number;
}

/** `127.0.0.1:7080`, `[::1]:7080`, `localhost:7080`, `7080`. @throws {DrifttrailError} `listen-invalid` */
export function parseAddress(text: string): Address {
  const [, host = '127.0.0.1', digits = ''] = /^(?:(.+):)?(\d{1,5})$/.exec(text) ?? [];
  const bare = host === 'localhost' ? '127.0.0.1' : host.replace(/^\[(.*)\]$/, '$1');
  const port = Number(digits);
  if (digits !== '' && port <= 65_535 && isIP(bare) !== 0 && (isIP(bare) === 4 || host.startsWith('['))) return { host: bare, port };
  throw new DrifttrailError({
    code: 'listen-invalid',
    message: `--listen ${text} is not an address and a port`,
    remedy: 'write 127.0.0.1:7080 or [::1]:7080; a port of 0 lets the system choose',
  });
}

export function isLoopback(host: string): boolean {
  return host === '::1' || /^127\./.test(host);
}

/** `http://127.0.0.1:7080` */
export function urlOf({ host, port }: Address): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/**
 * Whether a Host header names us. A page elsewhere may let its own name point here (DNS rebinding), but cannot make a
 * browser send another name: so on the loopback only its names count, elsewhere addresses, and everywhere the host of
 * `baseUrl`. The port may be a tunnel's or a proxy's.
 */
export function isOurName(header: string | undefined, listening: string, baseUrl: string | undefined): boolean {
  if (header === undefined || header === '') return false;
  if (baseUrl !== undefined && header.toLowerCase() === new URL(baseUrl).host) return true;
  const name = header.replace(/:\d{1,5}$/, '').toLowerCase();
  const address = name.replace(/^\[(.*)\]$/, '$1');
  if (name === 'localhost' || (isIP(address) !== 0 && isLoopback(address))) return true;
  return !isLoopback(listening) && isIP(address) !== 0;
}
