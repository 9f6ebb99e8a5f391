/** The options that exporters of databases share: where the server is, as whom, and how the way there is protected. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { DrifttrailError, requirePlain, secret } from 'drifttrail';
import { z } from 'zod';

export const serverName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, 'letters, digits, dots, hyphens, underscores')
  .max(120)
  .describe('name of the server in the snapshots: databases/<name>/…');

export const endpointOptions = {
  host: z.string().min(1).optional().describe('host name or address'),
  port: z.number().int().min(1).max(65535).optional(),
  socket: z.string().min(1).optional().describe('socket of a local server, in place of host'),
  user: z.string().min(1).optional().describe('the role to read as; env:NAME and file:PATH are possible'),
  password: secret().optional().describe('env:NAME or file:PATH'),
  url: secret().optional().describe('all of these in one address, as env:NAME or file:PATH'),
  ssl: z
    .union([
      z.boolean(),
      z.strictObject({
        ca: z.string().min(1).optional().describe('PEM file of the authority that signed the certificate of the server'),
        cert: z.string().min(1).optional().describe('PEM file of a certificate of our own'),
        key: z.string().min(1).optional().describe('PEM file of the key of cert'),
        verify: z.boolean().default(true).describe('false accepts any certificate: who stands in between can read along'),
      }),
    ])
    .default(false)
    .describe('true: encrypted, with the certificate checked; or { ca, cert, key, verify }'),
  timeout: z.number().int().min(1).max(3600).default(60).describe('seconds that one question may take; a connection gets ten of them'),
};

export const excludeInclude = z
  .strictObject({ include: z.array(z.string().min(1)).optional(), exclude: z.array(z.string().min(1)).default([]) })
  .default({ exclude: [] });

type Endpoint = z.infer<z.ZodObject<typeof endpointOptions>>;

export interface Address {
  readonly host?: string;
  readonly port?: number;
  readonly socket?: string;
  readonly user?: string;
  readonly password?: string;
  /** Named in the url only. */
  readonly database?: string;
  readonly ssl: Endpoint['ssl'];
}

/** Options with the url taken apart; what stands beside it wins. Throws `database-url-invalid`, whose message has nothing of the url. */
export function addressOf(options: Endpoint, schemes: readonly string[]): Address {
  const { host, port, socket, user, password, ssl } = options;
  const own = {
    ...(host === undefined ? {} : { host }),
    ...(port === undefined ? {} : { port }),
    ...(socket === undefined ? {} : { socket }),
    ...(user === undefined ? {} : { user }),
    ...(password === undefined ? {} : { password }),
  };
  return { ...(options.url === undefined ? { ssl } : fromUrl(options.url, ssl, schemes)), ...own };
}

function fromUrl(written: string, ssl: Endpoint['ssl'], schemes: readonly string[]): Address {
  // With a socket there may be no host.
  const text = written.replace(/^([a-z]+:\/\/(?:[^/@]*@)?)(?=\/)/, '$1localhost');
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !schemes.includes(url.protocol.replace(/:$/, ''))) {
    throw new DrifttrailError({
      code: 'database-url-invalid',
      message: 'the url of a database server cannot be read',
      remedy: `write ${schemes[0]}://user:password@host:port/database, with every special character as %XX`,
    });
  }
  const mode = url.searchParams.get('sslmode') ?? url.searchParams.get('ssl-mode');
  const socket = url.searchParams.get('host') ?? url.searchParams.get('socket');
  return {
    ...(url.hostname === '' ? {} : { host: decodeURIComponent(url.hostname).replace(/^\[|\]$/g, '') }),
    ...(socket === null ? {} : { socket }),
    ...(url.port === '' ? {} : { port: Number(url.port) }),
    ...(url.username === '' ? {} : { user: decodeURIComponent(url.username) }),
    ...(url.password === '' ? {} : { password: decodeURIComponent(url.password) }),
    ...(url.pathname.length < 2 ? {} : { database: decodeURIComponent(url.pathname.slice(1)) }),
    // Encrypted without a check would be no protection from whoever stands in between: it has to be said with ssl: { verify: false }.
    ssl: ssl !== false ? ssl : mode !== null && !/^(disable|disabled|allow|prefer|preferred)$/i.test(mode),
  };
}

/** What node's tls wants; undefined for a way in the clear. */
export function tlsOf(
  ssl: Endpoint['ssl'],
  dir: string,
): { ca?: string; cert?: string; key?: string; rejectUnauthorized: boolean } | undefined {
  if (ssl === false) return undefined;
  if (ssl === true) return { rejectUnauthorized: true };
  const { ca, cert, key, verify } = ssl;
  return {
    rejectUnauthorized: verify,
    ...(ca === undefined ? {} : { ca: pem(resolve(dir, ca)) }),
    ...(cert === undefined ? {} : { cert: pem(resolve(dir, cert)) }),
    ...(key === undefined ? {} : { key: pem(resolve(dir, key)) }),
  };
}

function pem(path: string): string {
  requirePlain(path);
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new DrifttrailError({
      code: 'certificate-unreadable',
      message: `cannot read ${path}: ${(cause as NodeJS.ErrnoException).code}`,
      remedy: 'name a PEM file under ssl:, relative to the deployment',
      cause,
    });
  }
}

/** Where the server is, for messages: never a password. */
export function placeOf({ host, port, socket }: Address): string {
  return socket ?? `${host ?? 'localhost'}${port === undefined ? '' : `:${port}`}`;
}
