/** A small AWS on 127.0.0.1: moto's state, CloudTrail's memory of who changed it, real limits, and faults on demand. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { JsonObject } from '../../../src/model.ts';
import { createRandom, type Random } from '../random.ts';
import { type Caller, createCallers, type Credentials } from './callers.ts';
import { createFaults, failure, type Fault, faultAnswer, type FaultTarget } from './faults.ts';
import { forward, type Incoming, readIncoming } from './forward.ts';
import { rememberCredentials } from './issue.ts';
import { createLookup, type LookupOptions } from './lookup.ts';
import { keyOfAccount, type Moto, startMoto } from './moto.ts';
import { cutPage, offsetOf } from './pages.ts';
import { parseQuery } from './query.ts';
import { type Answer, type Call, recordOf, regionOf, sharedCopy } from './record.ts';

export interface EndpointOptions {
  readonly seed?: number;
  /** The time of the records; the real one unless told. */
  readonly now?: () => Date;
  readonly lookup?: LookupOptions;
  /** Milliseconds by which LookupEvents' rate is judged; real ones unless told. */
  readonly monotonic?: () => number;
  /** Largest page of EC2 and IAM listings; the caller's own MaxResults counts too. */
  readonly pageSize?: number;
}

export interface CountedCall {
  readonly account: string;
  readonly region: string;
  readonly service: string;
  readonly action: string;
}

/** A call that wanted to change something, when it has been answered but nobody has heard yet. */
export interface Write {
  readonly record: JsonObject;
  /** The emulator saw it; false when a fault answered in its place. */
  readonly served: boolean;
}

export interface Endpoint {
  /** For AWS_ENDPOINT_URL. */
  readonly url: string;
  /** Every call so far, in order. */
  readonly calls: () => readonly CountedCall[];
  /** Every record so far, in order, without duplicates. */
  readonly records: () => readonly JsonObject[];
  readonly fault: (fault: Fault) => () => void;
  readonly clearFaults: () => void;
  /** Tells of every write before its caller hears of it and before the next one; returns what ends that. */
  readonly onWrite: (listener: (write: Write) => Promise<void>) => () => void;
  /** Credentials whose calls are recorded under an identity made for their access key. */
  readonly actor: (options: ActorOptions) => Promise<Credentials>;
  readonly stop: () => Promise<void>;
}

export interface ActorOptions {
  readonly account: string;
  readonly identity: (accessKeyId: string) => JsonObject;
  readonly sourceIp?: string;
  readonly console?: boolean;
  /** `AKIA` for long-term keys, `ASIA` for sessions. */
  readonly keyPrefix?: 'AKIA' | 'ASIA';
}

const READS = /^(Describe|Get|List|Search|Simulate|Generate|Decode|Lookup)/;
const TRACKED = new Set(['ec2', 'iam', 'sts']);

export async function startEndpoint(options: EndpointOptions = {}): Promise<Endpoint> {
  const moto = await startMoto();
  try {
    return await serve(moto, options);
  } catch (error) {
    await moto.stop();
    throw error;
  }
}

async function serve(moto: Moto, options: EndpointOptions): Promise<Endpoint> {
  const now = options.now ?? (() => new Date());
  const random = createRandom(options.seed ?? 1);
  const callers = createCallers();
  const faults = createFaults();
  const calls: CountedCall[] = [];
  const listeners = new Set<(write: Write) => Promise<void>>();
  const lookup = createLookup(options.lookup ?? {}, () => now().getTime(), options.monotonic ?? (() => performance.now()), random);
  const emulatorKeys = new Map<string, Promise<string>>();
  const inTurn = createTurns();

  /** A key of the account that the emulator knows. */
  const emulatorKey = (account: string) => {
    const known = emulatorKeys.get(account) ?? keyOfAccount(moto, account);
    emulatorKeys.set(account, known);
    return known;
  };

  const answerQuery = async (incoming: Incoming, response: ServerResponse) => {
    const { action, parameters } = parseQuery(incoming.body.toString('utf8'));
    const caller = callers.of(incoming.accessKeyId);
    const { service, region } = incoming;
    const call: Call = {
      account: caller.account,
      region,
      service,
      action,
      parameters,
      caller,
      userAgent: incoming.userAgent,
      host: incoming.host,
    };
    const token = textOf(parameters.NextToken ?? parameters.Marker);
    const target: FaultTarget = {
      account: caller.account,
      region,
      service,
      action,
      write: !READS.test(action),
      later: token !== undefined,
    };
    calls.push({ account: caller.account, region, service, action });
    const fault = faults.hit(target);
    if (fault === 'hang') return; // the socket stays open until the client or stop() closes it
    const ask = () =>
      fault === undefined || fault === 'empty'
        ? forward(moto, incoming, call).then((answer) => inWordsOf(service, answer))
        : Promise.resolve(faultAnswer(fault, target, String(caller.identity.arn)));
    if (READS.test(action) || !TRACKED.has(service)) {
      const answer = await ask();
      const size = fault === 'empty' ? 0 : pageSize(options.pageSize, textOf(parameters.MaxResults ?? parameters.MaxItems));
      const paged = answer.status === 200 && size !== undefined && fault !== 'malformed' && service !== 'sts';
      return send(response, paged ? { ...answer, body: cutPage(answer.body, { service, offset: offsetOf(token), size }) } : answer);
    }
    await inTurn(async () => {
      const answer = withRequestId(await ask(), random.uuid());
      if (fault === undefined) rememberCredentials(callers, call, answer, now());
      const record = keep(call, answer);
      for (const listener of listeners) await listener({ record, served: fault === undefined });
      send(response, answer);
    });
  };

  const keep = (call: Call, answer: Answer): JsonObject => {
    const time = `${now().toISOString().slice(0, 19)}Z`;
    const record = recordOf(call, answer, { eventId: random.uuid(), time });
    lookup.add(call.account, regionOf(call.service, call.region), record);
    const copy = sharedCopy(call, record, random);
    if (copy !== undefined) lookup.add(String(copy.recipientAccountId), regionOf(call.service, call.region), copy);
    return record;
  };

  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    const incoming = await readIncoming(request);
    const target = String(request.headers['x-amz-target'] ?? '');
    if (!target.endsWith('.LookupEvents')) return answerQuery(incoming, response);
    const { account } = callers.of(incoming.accessKeyId);
    const { region } = incoming;
    calls.push({ account, region, service: 'cloudtrail', action: 'LookupEvents' });
    const fault = faults.hit({ account, region, service: 'cloudtrail', action: 'LookupEvents', write: false, later: false });
    if (fault === 'hang') return;
    const reply =
      fault === undefined ? lookup.answer(account, region, JSON.parse(incoming.body.toString('utf8')) as JsonObject) : lookupFault(fault);
    response.writeHead(reply.status, { 'content-type': 'application/x-amz-json-1.1' });
    response.end(JSON.stringify(reply.body));
  };

  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      const text = `test endpoint: ${error instanceof Error ? error.stack : String(error)}\n`;
      // Clients only say that they cannot read the answer.
      process.stderr.write(text);
      response.writeHead(500, { 'content-type': 'text/plain' });
      response.end(text);
    });
  });
  // A client that thinks for long must not find its connection closed the moment it uses it again.
  server.keepAliveTimeout = 10 * 60_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;

  return {
    url: `http://127.0.0.1:${port}`,
    calls: () => calls,
    records: lookup.records,
    fault: faults.add,
    clearFaults: faults.clear,
    onWrite: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    actor: async (actor) => addActor(callers, random, await emulatorKey(actor.account), actor),
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await moto.stop();
    },
  };
}

function addActor(callers: { add: (key: string, caller: Caller) => void }, random: Random, key: string, actor: ActorOptions): Credentials {
  const prefix = actor.keyPrefix ?? 'AKIA';
  const accessKeyId = `${prefix}${random.base32(16)}`;
  const { account, sourceIp = '203.0.113.10', console = false } = actor;
  callers.add(accessKeyId, { account, identity: actor.identity(accessKeyId), sourceIp, console, emulatorKey: key });
  const sessionToken = prefix === 'ASIA' ? { sessionToken: random.base32(64) } : {};
  return { accessKeyId, secretAccessKey: random.hex(40), ...sessionToken };
}

/** Where the emulator stumbles it answers a page for browsers; AWS would say this. */
function inWordsOf(service: string, answer: Answer): Answer {
  return answer.status >= 500 && answer.body.includes('<html')
    ? failure(service, 500, 'InternalError', 'An internal error has occurred')
    : answer;
}

/** The emulator gives every answer the same request id, or none that looks like one. */
function withRequestId(answer: Answer, id: string): Answer {
  return { ...answer, body: answer.body.replace(/(<[rR]equestI[dD]>)[^<]*/, `$1${id}`) };
}

/** One after the other: the emulator's writes are not safe side by side. */
function createTurns(): <T>(task: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (task) => {
    const next = last.then(task, task);
    last = next.catch(() => undefined);
    return next;
  };
}

function send(response: ServerResponse, answer: Answer): void {
  response.writeHead(answer.status, { 'content-type': 'text/xml' });
  response.end(answer.body);
}

function lookupFault(fault: string): { status: number; body: JsonObject } {
  if (fault === 'throttle') return { status: 400, body: { __type: 'ThrottlingException', message: 'Rate exceeded' } };
  if (fault === 'denied')
    return { status: 400, body: { __type: 'AccessDeniedException', message: 'not authorized to perform: cloudtrail:LookupEvents' } };
  if (fault === 'empty') return { status: 200, body: { Events: [] } };
  return { status: 503, body: { __type: 'ServiceUnavailableException', message: 'The service is unavailable.' } };
}

function pageSize(limit: number | undefined, asked: string | undefined): number | undefined {
  const wanted = asked === undefined ? undefined : Number(asked);
  if (limit === undefined) return wanted;
  return wanted === undefined ? limit : Math.min(limit, wanted);
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
