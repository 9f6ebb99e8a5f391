/** Reads what a client sent and passes it on to the emulator under a key of the caller's account. */
import { Agent, type IncomingMessage, request as httpRequest } from 'node:http';
import type { Moto } from './moto.ts';
import { inParts, partsOf } from './permissions.ts';
import type { Answer, Call } from './record.ts';

export interface Incoming {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** From the signature's credential scope. */
  readonly accessKeyId: string;
  readonly region: string;
  readonly service: string;
  readonly userAgent: string;
  readonly host: string;
}

const agent = new Agent({ keepAlive: true, maxSockets: 8 });
const SCOPE = /Credential=([^/\s]+)\/[^/]+\/([^/]+)\/([^/]+)\//;
/** Calls on oneself: without a name they mean the user who calls, whom the emulator does not know. */
const SELF_SERVICE = new Set(['CreateAccessKey', 'DeleteAccessKey', 'UpdateAccessKey', 'ChangePassword']);

export async function readIncoming(request: IncomingMessage): Promise<Incoming> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  const [, accessKeyId = '', region = 'us-east-1', service = ''] = SCOPE.exec(headers.authorization ?? '') ?? [];
  return {
    method: request.method ?? 'POST',
    path: request.url ?? '/',
    headers,
    body: Buffer.concat(chunks),
    accessKeyId,
    region,
    service,
    userAgent: headers['user-agent'] ?? '',
    host: headers.host ?? '',
  };
}

/** Listings that the emulator lacks; with the calls that fill them missing too, they are empty. */
const NOT_EMULATED: Readonly<Record<string, string>> = {
  ListMFADeviceTags:
    '<ListMFADeviceTagsResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><ListMFADeviceTagsResult><Tags/><IsTruncated>false</IsTruncated></ListMFADeviceTagsResult></ListMFADeviceTagsResponse>',
};

export function forward(moto: Moto, incoming: Incoming, call: Call): Promise<Answer> {
  const known = NOT_EMULATED[call.action];
  if (known !== undefined) return Promise.resolve({ status: 200, body: known });
  const body = bodyFor(incoming, call);
  const parts = call.service === 'ec2' ? partsOf(call.action, body.toString('utf8')) : [];
  return parts.length > 1 ? inParts(parts, (part) => sendTo(moto, incoming, call, Buffer.from(part))) : sendTo(moto, incoming, call, body);
}

function sendTo(moto: Moto, incoming: Incoming, call: Call, body: Buffer): Promise<Answer> {
  const { authorization = '', ...others } = incoming.headers;
  const headers = {
    ...others,
    authorization: authorization.replace(/Credential=[^/]+/, `Credential=${call.caller.emulatorKey}`),
    'content-length': String(body.length),
    connection: 'keep-alive',
  };
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest(
      { host: moto.host, port: moto.port, method: incoming.method, path: incoming.path, headers, agent },
      (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('error', reject);
        answer.on('end', () => resolve({ status: answer.statusCode ?? 500, body: Buffer.concat(chunks).toString('utf8') }));
      },
    );
    outgoing.setTimeout(300_000, () => outgoing.destroy(new Error('the emulator did not answer within five minutes')));
    outgoing.on('error', (error: NodeJS.ErrnoException) => {
      // The emulator closed a connection in the very moment of its next use: it has not read the request.
      const isStale = outgoing.reusedSocket && error.code === 'ECONNRESET';
      if (isStale) resolve(sendTo(moto, incoming, call, body));
      else reject(error);
    });
    outgoing.end(body);
  });
}

/** Page parameters stay here, for the emulator ignores some and stumbles over our tokens. */
function bodyFor(incoming: Incoming, call: Call): Buffer {
  if (incoming.method !== 'POST' || call.action === '') return incoming.body;
  const form = new URLSearchParams(incoming.body.toString('utf8'));
  for (const name of ['MaxResults', 'MaxItems', 'NextToken', 'Marker']) form.delete(name);
  const user = call.caller.identity.userName;
  if (SELF_SERVICE.has(call.action) && !form.has('UserName') && typeof user === 'string') form.set('UserName', user);
  return Buffer.from(form.toString());
}
