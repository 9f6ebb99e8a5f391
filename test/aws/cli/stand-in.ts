/** An `aws` for shells that the tests start: what it is called with is answered in this process, by the SDK, at the tests' endpoint. */
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as ec2 from '@aws-sdk/client-ec2';
import * as iam from '@aws-sdk/client-iam';
import type { Json } from '../../../src/model.ts';
import type { Clients } from '../clients.ts';
import { parseCommand, type Request } from './arguments.ts';
import { asText, search } from './query.ts';

export interface StandIn {
  /** A folder for the PATH that holds the command `aws`. */
  readonly bin: string;
  readonly stop: () => Promise<void>;
}

type Send = (client: unknown) => Promise<Json>;
type CommandClass = new (input: object) => object;

/** Forwards argv, prints what comes back, ends as it is told. */
const CLIENT = `
const { request } = await import('node:http');
const call = request({ socketPath: process.env.STAND_IN_SOCKET, method: 'POST' }, (answer) => {
  const chunks = [];
  answer.on('data', (chunk) => chunks.push(chunk));
  answer.on('end', () => {
    const { code, out, err } = JSON.parse(Buffer.concat(chunks));
    process.stdout.write(out);
    process.stderr.write(err);
    process.exitCode = code;
  });
});
call.end(JSON.stringify(process.argv.slice(2)));
`;

/** \`clients\` says whose credentials a command runs under at the moment. */
export async function startStandIn(clients: () => Clients): Promise<StandIn> {
  const bin = await mkdtemp(join(tmpdir(), 'drifttrail-aws-'));
  const socket = join(bin, 'socket');
  await writeFile(join(bin, 'client.mjs'), CLIENT);
  const quoted = (path: string) => `'${path.replaceAll("'", "'\\''")}'`;
  const script = `#!/bin/sh\nSTAND_IN_SOCKET=${quoted(socket)} exec ${quoted(process.execPath)} ${quoted(join(bin, 'client.mjs'))} "$@"\n`;
  await writeFile(join(bin, 'aws'), script);
  await chmod(join(bin, 'aws'), 0o755);
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const argv = JSON.parse(Buffer.concat(chunks).toString('utf8')) as string[];
      answer(argv, clients()).then(
        (out) => response.end(JSON.stringify({ code: 0, out, err: '' })),
        (error: unknown) =>
          response.end(
            JSON.stringify({ code: 254, out: '', err: `${error instanceof Error ? `${error.name}: ${error.message}` : error}\n` }),
          ),
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  return {
    bin,
    stop: async () => {
      await new Promise((resolve) => server.close(resolve));
      await rm(bin, { recursive: true, force: true });
    },
  };
}

async function answer(argv: readonly string[], clients: Clients): Promise<string> {
  const request = parseCommand(argv);
  const reply = await send(request, clients);
  return request.query === undefined ? '' : `${asText(search(request.query, reply))}\n`;
}

function send({ service, operation, input, region }: Request, clients: Clients): Promise<Json> {
  const library = (service === 'ec2' ? ec2 : iam) as unknown as Readonly<Record<string, CommandClass | undefined>>;
  const Command = library[`${operation}Command`];
  if (Command === undefined) throw new Error(`the SDK has no ${operation}Command`);
  const client = service === 'ec2' ? clients.ec2(region ?? 'us-east-1') : clients.iam;
  return (client as unknown as { send: (command: object) => ReturnType<Send> }).send(new Command(input));
}
