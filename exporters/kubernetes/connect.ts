/** The way to the API server: kubectl, which knows every kind of log-in, or the service account of the pod we run in. */
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { DrifttrailError, describeError, type ProbeContext } from 'drifttrail';
import { type Endpoint, type Follow, follower, type Send, sender } from './http.ts';
import type { KubernetesOptions } from './options.ts';

export interface Connection {
  readonly send: Send;
  readonly follow: Follow;
  readonly close: () => Promise<void>;
}

export type Surroundings = Pick<ProbeContext<KubernetesOptions>, 'dir' | 'env' | 'spawn' | 'sleep' | 'signal'>;
export type Connect = (options: KubernetesOptions, context: Surroundings) => Promise<Connection>;

/** https://kubernetes.io/docs/tasks/run-application/access-api-from-pod/ */
const SERVICE_ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';
/** Milliseconds that kubectl may take to listen, log-in included, and how often it is looked for. */
const START = 30_000;
const LOOK = 25;

/** @throws {DrifttrailError} `cluster-unreachable` when there is no way in */
export const connect: Connect = (options, context) => (options.inCluster ? connectInside(context) : connectByKubectl(options, context));

/** `folder`: where the kubelet puts the service account. */
export async function connectInside({ env }: Pick<Surroundings, 'env'>, folder = SERVICE_ACCOUNT): Promise<Connection> {
  const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port = '443' } = env;
  const remedy = 'inCluster is for a pod of that cluster with automountServiceAccountToken: true; elsewhere set context';
  if (host === undefined || host === '') throw unreachable('this is no pod: KUBERNETES_SERVICE_HOST is not set', remedy);
  try {
    // Read at every run: the kubelet replaces the token before it expires.
    const [token, ca] = await Promise.all(['token', 'ca.crt'].map((name) => readFile(join(folder, name), 'utf8')));
    return connectionTo({ host, port, ca: ca ?? '', token: (token ?? '').trim() }, async () => undefined);
  } catch (cause) {
    throw unreachable(`the service account cannot be read: ${describeError(cause)}`, remedy, cause);
  }
}

/**
 * kubectl listens on a socket in a folder of our own, which no other user may open, and adds the credentials to what comes
 * through: exec plug-ins, OIDC, client certificates and proxies work as they do by hand.
 */
async function connectByKubectl({ context, kubeconfig }: KubernetesOptions, around: Surroundings): Promise<Connection> {
  const folder = await mkdtemp(join(tmpdir(), 'drifttrail-kubectl-'));
  const socketPath = join(folder, 'api');
  const stop = new AbortController();
  const args = [
    'proxy',
    `--unix-socket=${socketPath}`,
    ...(kubeconfig === undefined ? [] : [`--kubeconfig=${resolve(around.dir, kubeconfig)}`]),
    ...(context === undefined ? [] : [`--context=${context}`]),
  ];
  const ended = around.spawn('kubectl', args, { env: around.env, signal: stop.signal }).then(
    ({ code, stderr }) =>
      unreachable(`kubectl ended (${code}): ${lastLine(stderr)}`, `try it: kubectl ${args.slice(2).join(' ')} get --raw /version`),
    (error: unknown) => error,
  );
  const close = async () => {
    stop.abort();
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await Promise.race([listening(socketPath, around, stop.signal), ended.then((error) => Promise.reject(error))]);
  } catch (error) {
    await close();
    throw error;
  }
  return connectionTo({ socketPath }, close);
}

function connectionTo(endpoint: Endpoint, close: Connection['close']): Connection {
  return { send: sender(endpoint), follow: follower(endpoint), close };
}

/** Looks no longer once it is known that nobody will listen. */
async function listening(socketPath: string, { sleep, signal }: Surroundings, stopped: AbortSignal): Promise<void> {
  for (let waited = 0; !stopped.aborted && !(await takes(socketPath)); waited += LOOK) {
    if (waited >= START) throw unreachable(`kubectl did not listen within ${START / 1000} s`, 'does its log-in wait for somebody?');
    await sleep(LOOK, signal);
  }
}

/** Between being there and being listened to there is a moment in which whoever calls is refused. */
async function takes(socketPath: string): Promise<boolean> {
  const socket = createConnection(socketPath);
  try {
    await once(socket, 'connect');
    return true;
  } catch (error) {
    if (['ENOENT', 'ECONNREFUSED'].includes((error as NodeJS.ErrnoException).code ?? '')) return false;
    throw error;
  } finally {
    socket.destroy();
  }
}

/** kubectl's last word says what is wrong; what comes before are warnings. */
function lastLine(stderr: string): string {
  return stderr.trim().split('\n').at(-1)?.trim() ?? '';
}

function unreachable(message: string, remedy: string, cause?: unknown): DrifttrailError {
  return new DrifttrailError({ code: 'cluster-unreachable', message, remedy, cause });
}
