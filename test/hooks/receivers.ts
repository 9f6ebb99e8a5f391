/** Loopback receivers for the outlets' integration tests, and the configured outlet as the core calls it. */
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll } from 'vitest';
import { createConnector } from '../../src/notify/connect.ts';
import { createAsker, createSender } from '../../src/notify/sender.ts';
import type { Hook, Message, Receipt } from '../../src/model.ts';
import { contextOf } from './context.ts';

/** As the core does it, with receivers of one's own allowed. */
export async function deliverTo<Options>(
  hook: Pick<Hook<Options>, 'deliver' | 'options'>,
  options: object,
  message: Message,
  milliseconds = 10_000,
): Promise<Receipt> {
  const signal = AbortSignal.timeout(milliseconds);
  const rules = { allowPrivate: true, signal };
  const clock = { now: () => new Date() };
  const way = { ...createConnector(rules), send: createSender(clock, rules), ask: createAsker(clock, rules), ...clock };
  if (hook.deliver === undefined) throw new Error('the hook takes no messages');
  return hook.deliver(message, signal, contextOf(hook.options.parse(options), way));
}

/** A folder that goes when all tests of the file have ended. */
export function fileFolder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'drifttrail-'));
  afterAll(() => rmSync(dir, { recursive: true, force: true, maxRetries: 5 }));
  return dir;
}

export interface Call {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}
export interface Receiver {
  readonly url: string;
  readonly calls: Call[];
  readonly close: () => void;
}

/** Answers what the test says; an answer that is an object becomes JSON. */
export async function receiver(
  answer: (call: Call) => { readonly status: number; readonly body?: unknown; readonly headers?: object },
): Promise<Receiver> {
  const calls: Call[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => {
      body += text;
    });
    request.on('end', () => {
      const call: Call = { method: request.method ?? '', path: request.url ?? '', headers: request.headers, body };
      calls.push(call);
      const { status, body: said = '', headers = {} } = answer(call);
      response
        .writeHead(status, { 'content-type': 'application/json', ...headers })
        .end(typeof said === 'string' ? said : JSON.stringify(said));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** Ends when `found` does, or fails with what there was by then. */
export async function until<Value>(found: () => Value | undefined, seconds = 10): Promise<Value> {
  for (let waited = 0; waited < seconds * 1000; waited += 50) {
    const value = found();
    if (value !== undefined) return value;
    await delay(50);
  }
  throw new Error(`nothing within ${seconds} s`);
}

/** A key and a certificate for localhost, which signs itself. */
export function certificate(folder: string): { readonly key: string; readonly cert: string } {
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
  execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-keyout', key, '-out', cert, ...subject], {
    stdio: 'ignore',
  });
  return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
}

/** A program of this test, ended by its own handle. */
export function program(command: string, args: readonly string[]): { readonly stop: () => Promise<void>; readonly said: () => string } {
  let said = '';
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (bytes: Buffer) => {
      said += bytes.toString();
    });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return {
    said: () => said,
    stop: async () => {
      child.kill('SIGTERM');
      await Promise.race([ended, delay(3000).then(() => child.kill('SIGKILL'))]);
    },
  };
}
