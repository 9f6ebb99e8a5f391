/** Starts and stops moto_server, the emulator behind the endpoint. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { DrifttrailError } from '../../../src/errors.ts';

export interface Moto {
  readonly host: string;
  readonly port: number;
  readonly stop: () => Promise<void>;
}

/** It takes half a second, on a crowded machine minutes. */
const START_DEADLINE = 180_000;

/** Throws DrifttrailError `moto-missing` when it is not installed. */
export async function startMoto(): Promise<Moto> {
  const host = '127.0.0.1';
  const port = await freePort(host);
  const child = spawn('moto_server', ['-H', host, '-p', String(port)], {
    stdio: 'ignore',
    env: { ...process.env, MOTO_IAM_LOAD_MANAGED_POLICIES: 'true' },
  });
  const failed = new Promise<never>((_, reject) => {
    child.once('error', (cause) => reject(missing(cause)));
    child.once('exit', (code) => reject(missing(`it ended with code ${code}`)));
  });
  failed.catch(() => undefined); // an end after the start is stop()'s
  try {
    await Promise.race([answering(`http://${host}:${port}/moto-api/`), failed]);
  } catch (error) {
    await stop(child);
    throw error;
  }
  return { host, port, stop: () => stop(child) };
}

/** The emulator gives an account of its own to the keys of any role assumed there. */
export async function keyOfAccount(moto: Pick<Moto, 'host' | 'port'>, account: string): Promise<string> {
  const role = `arn:aws:iam::${account}:role/OrganizationAccountAccessRole`;
  const body = new URLSearchParams({ Action: 'AssumeRole', Version: '2011-06-15', RoleArn: role, RoleSessionName: 'endpoint' });
  const answer = await fetch(`http://${moto.host}:${moto.port}/`, {
    method: 'POST',
    body,
    headers: {
      authorization: 'AWS4-HMAC-SHA256 Credential=AKIAENDPOINT/20260101/us-east-1/sts/aws4_request, SignedHeaders=host, Signature=0',
    },
  });
  const key = (await answer.text()).match(/<AccessKeyId>([^<]+)</)?.[1];
  if (key === undefined) throw new Error(`the emulator gave no key for account ${account}`);
  return key;
}

async function answering(url: string): Promise<void> {
  const deadline = Date.now() + START_DEADLINE;
  while (Date.now() < deadline) {
    const up = await fetch(url, { signal: AbortSignal.timeout(2000) }).then(
      () => true,
      () => false,
    );
    if (up) return;
    await delay(50);
  }
  throw missing(`it did not answer within ${START_DEADLINE / 1000} s`);
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), 3000);
  await gone;
  clearTimeout(timer);
}

function freePort(host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, host, () => {
      const address = server.address();
      server.close(() => (typeof address === 'object' && address !== null ? resolve(address.port) : reject(new Error('no port'))));
    });
  });
}

function missing(cause: unknown): DrifttrailError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new DrifttrailError({
    code: 'moto-missing',
    message: `cannot start moto_server, the AWS emulator of the tests: ${why}`,
    remedy: "python3 -m pip install 'moto[server]>=5.2,<6'",
    cause,
  });
}
