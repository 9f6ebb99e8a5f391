/** Brings the dashboard up on an address and down again. */
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import type { Deployment } from '../deployment.ts';
import { DrifttrailError, describeError } from '../errors.ts';
import { titlesOf } from '../report/words.ts';
import { createAccess, LEAST_TOKEN } from './access.ts';
import { createApp } from './app.ts';
import { openIndex } from './findings-index.ts';
import { HEADERS } from './headers.ts';
import { type Address, isLoopback, urlOf } from './listen-address.ts';
import { createHub } from './stream.ts';

export interface Dashboard {
  readonly url: string;
  readonly close: () => Promise<void>;
}

export interface DashboardOptions {
  readonly address: Address;
  readonly token: string | undefined;
  readonly problem: (text: string) => void;
}

/** Connections; each open page holds one. */
const MOST_CONNECTIONS = 300;
/** Bytes: a link to the longest path, each of its bytes written as three, and as much again in `Referer`. */
const LARGEST_HEAD = 32_768;
/** Milliseconds that answers in the making have when it ends. */
const GRACE = 3000;

/** The application without a server around it. */
export function createDashboard(deployment: Deployment, { address, token, problem }: DashboardOptions) {
  const titles = titlesOf(deployment.kinds);
  const tell = (error: unknown) => problem(describeError(error));
  const index = openIndex(deployment.store, titles, tell);
  const hub = createHub(index, tell);
  const { baseUrl } = deployment.config;
  const gate = { access: createAccess(token), listening: address.host, baseUrl, now: deployment.surroundings.now };
  return { app: createApp({ deployment, index, hub, titles, gate, problem }), index, hub, tell };
}

/** @throws {DrifttrailError} `token-needed`, `token-short`, `listen-failed` */
export async function openDashboard(deployment: Deployment, options: DashboardOptions): Promise<Dashboard> {
  const { address, token } = options;
  requireToken(address, token);
  const { app, index, hub, tell } = createDashboard(deployment, options);
  const listener = getRequestListener(app.fetch, {
    overrideGlobalObjects: false,
    // What is no request that the app could answer, such as one without a host.
    errorHandler: () => new Response('Bad request.\n', { status: 400, headers: HEADERS }),
  });
  const server = createServer(
    { requestTimeout: 15_000, headersTimeout: 10_000, keepAliveTimeout: 5000, maxHeaderSize: LARGEST_HEAD },
    (request, response) => {
      // Here, too: an answer that node makes by itself has them as well.
      for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
      listener(request, response).catch(tell);
    },
  );
  server.maxConnections = MOST_CONNECTIONS;
  server.on('clientError', (_, socket) => refuseRaw(socket as Socket));
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => reject(cannotListen(address, cause)));
    server.listen(address.port, address.host, resolve);
  });
  // Read ahead, so that the first page finds it done.
  index.refresh().catch(tell);
  return {
    url: urlOf({ host: address.host, port: (server.address() as AddressInfo).port }),
    close: async () => {
      hub.close();
      const closed = new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
      server.closeIdleConnections();
      const timer = setTimeout(() => server.closeAllConnections(), GRACE);
      await closed;
      clearTimeout(timer);
      await index.close();
    },
  };
}

function requireToken({ host }: Address, token: string | undefined): void {
  if (token === undefined && !isLoopback(host)) {
    throw new DrifttrailError({
      code: 'token-needed',
      message: `${host} can be reached from other machines, and nobody would be asked who they are`,
      remedy: 'give --token env:NAME or file:PATH, or listen on 127.0.0.1',
    });
  }
  if (token !== undefined && (token.length < LEAST_TOKEN || /[^\x21-\x7e]/.test(token))) {
    throw new DrifttrailError({
      code: 'token-short',
      message: `the token is shorter than ${LEAST_TOKEN} characters, or has other characters than ASCII without spaces`,
      remedy: 'make one: openssl rand -hex 32',
    });
  }
}

function cannotListen({ host, port }: Address, cause: NodeJS.ErrnoException): DrifttrailError {
  const taken = cause.code === 'EADDRINUSE';
  return new DrifttrailError({
    code: 'listen-failed',
    message: `cannot listen on ${host}:${port}: ${taken ? 'the port is in use' : (cause.code ?? cause.message)}`,
    remedy: taken ? 'end what uses it, or choose another: --listen 127.0.0.1:0' : 'choose an address of this machine and a port above 1023',
    cause,
  });
}

/** What is not HTTP gets no page, but the same headers. */
function refuseRaw(socket: Socket): void {
  if (!socket.writable) return;
  const head = Object.entries(HEADERS).map(([name, value]) => `${name}: ${value}`);
  socket.end(['HTTP/1.1 400 Bad Request', 'connection: close', 'content-length: 0', ...head, '', ''].join('\r\n'));
}
