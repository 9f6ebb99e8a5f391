/** The stub cluster behind a socket, or behind TLS with a certificate that openssl makes; one that hangs is left hanging. */
import { execFileSync } from 'node:child_process';
import { EventEmitter, on } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import type { RequestListener, Server } from 'node:http';
import { createServer as createTls } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Connect } from '../../exporters/kubernetes/connect.ts';
import { startDeadline } from '../../exporters/kubernetes/deadline.ts';
import type { Cluster, Response } from './cluster.ts';

export interface Running {
  readonly port: number;
  readonly kubeconfig: string;
  readonly close: () => Promise<void>;
}

const TOKEN = 'stub-token';

export function listener(cluster: Cluster, token?: string): RequestListener {
  return (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const known = token === undefined || request.headers.authorization === `Bearer ${token}`;
      const answer = known
        ? cluster.respond({
            method: request.method ?? 'GET',
            url: request.url ?? '/',
            accept: request.headers.accept ?? '',
            contentType: request.headers['content-type'] ?? '',
            body: Buffer.concat(chunks).toString('utf8'),
          })
        : {
            status: 401,
            type: 'application/json',
            body: JSON.stringify({ kind: 'Status', status: 'Failure', code: 401, message: 'Unauthorized' }),
          };
      if (answer === undefined) return;
      response.writeHead(answer.status, { 'content-type': answer.type ?? 'application/json' });
      if (answer.follow === undefined) response.end(answer.body);
      else {
        response.flushHeaders();
        response.on(
          'close',
          answer.follow((line) => response.write(`${line}\n`)),
        );
      }
    });
  };
}

/** On 127.0.0.1 over TLS, with a kubeconfig in the folder whose context is called `prod`. */
export async function serveTls(cluster: Cluster, folder: string): Promise<Running> {
  const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'ca.crt')];
  const subject = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'];
  execFileSync(
    'openssl',
    [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-days',
      '2',
      '-keyout',
      key,
      '-out',
      certificate,
      ...subject,
    ],
    { stdio: 'ignore' },
  );
  const server = createTls({ key: readFileSync(key), cert: readFileSync(certificate) }, listener(cluster, TOKEN));
  const port = await listening(server);
  const kubeconfig = join(folder, 'kubeconfig');
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'prod',
    clusters: [{ name: 'prod', cluster: { server: `https://127.0.0.1:${port}`, 'certificate-authority': certificate } }],
    contexts: [{ name: 'prod', context: { cluster: 'prod', user: 'drifttrail' } }],
    users: [{ name: 'drifttrail', user: { token: TOKEN } }],
  };
  writeFileSync(kubeconfig, JSON.stringify(config), { mode: 0o600 });
  writeFileSync(join(folder, 'token'), `${TOKEN}\n`);
  return { port, kubeconfig, close: () => closed(server) };
}

/** Without any network: for tests of what is asked and made of the answers. */
export function connectTo(cluster: Cluster): Connect {
  return async () => ({
    send: (url, accept, { signal, timeout }) => {
      const answer = cluster.respond({ method: 'GET', url, accept });
      return answer === undefined ? never(startDeadline(timeout, signal).signal) : Promise.resolve(answer);
    },
    follow: async (url, accept, signal) => {
      const answer = cluster.respond({ method: 'GET', url, accept });
      if (answer === undefined) return never(signal);
      return { status: answer.status, lines: answer.follow === undefined ? nothing() : linesOf(answer.follow, signal) };
    },
    close: async () => undefined,
  });
}

async function* nothing(): AsyncGenerator<string> {}

async function* linesOf(follow: NonNullable<Response['follow']>, signal: AbortSignal): AsyncGenerator<string> {
  const sent = new EventEmitter();
  const leave = follow((line) => setImmediate(() => sent.emit('line', line)));
  try {
    for await (const [line] of on(sent, 'line', { signal })) yield line as string;
  } finally {
    leave();
  }
}

function never(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }));
}

export function listening(server: Server): Promise<number> {
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)));
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
