/** /healthz over HTTP on the loopback interface, for supervisors that ask rather than read files. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DrifttrailError } from '../errors.ts';

export interface HealthServer {
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** Throws `health-port` when the port is taken. */
export function serveHealth(port: number, answer: () => { readonly ok: boolean; readonly body: object }): Promise<HealthServer> {
  const server = createServer((request, response) => {
    // A page in a browser must not reach us through a name that it rebinds to 127.0.0.1.
    const local = /^(127\.0\.0\.1|localhost)(:\d+)?$/.test(request.headers.host ?? '');
    const known = request.method === 'GET' && request.url === '/healthz';
    const { ok, body } = local && known ? answer() : { ok: false, body: { error: local ? 'not found' : 'wrong host' } };
    response.writeHead(local ? (known ? (ok ? 200 : 503) : 404) : 421, { 'content-type': 'application/json', 'cache-control': 'no-store' });
    response.end(`${JSON.stringify(body)}\n`);
  });
  server.requestTimeout = 5000;
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      reject(
        new DrifttrailError({
          code: 'health-port',
          message: `cannot listen on 127.0.0.1:${port}: ${cause.code}`,
          remedy: 'choose another --health-port',
          cause,
        }),
      );
    });
    server.listen(port, '127.0.0.1', () => {
      resolve({
        url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/healthz`,
        close: () =>
          new Promise((closed) => {
            server.close(() => closed());
            server.closeAllConnections();
          }),
      });
    });
  });
}
