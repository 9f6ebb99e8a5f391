/** One account at the tests' endpoint for each trial: somebody to change things in it, and the exporter to look at it. */
import { collectAws } from '../../../exporters/aws/collect.ts';
import exporter from '../../../exporters/aws/index.ts';
import { awsKinds } from '../../../exporters/aws/kinds.ts';
import type { Resource } from '../../../src/model.ts';
import { normalize } from '../../../src/normalize/normalize.ts';
import { createRedactor } from '../../../src/normalize/redact.ts';
import { realSurroundings } from '../../../src/surroundings.ts';
import { AGENTS } from '../../aws/agents.ts';
import { type Clients, clientsOf } from '../../aws/clients.ts';
import { assumedRole, type Credentials } from '../../aws/endpoint/callers.ts';
import type { Endpoint } from '../../aws/endpoint/endpoint.ts';
import type { Service } from '../../aws/trials/trial.ts';
import { type Documents, keyOf } from '../attribution/documents.ts';

export const REGION = 'eu-west-1';
/** An exporter that hangs must not hang the evaluation. Milliseconds. */
const DEADLINE = 5 * 60_000;

export interface Lab {
  readonly account: string;
  readonly clients: Clients;
  readonly credentials: Credentials;
  /** Everything of the service, as a run of the product would write it. */
  readonly look: () => Promise<Documents>;
}

const redactor = createRedactor(Buffer.alloc(32, 7));

export async function openLab(endpoint: Endpoint, account: string, service: Service): Promise<Lab> {
  const identity = (accessKeyId: string) =>
    assumedRole({ account, role: 'Admin', roleId: 'AROAEXAMPLEADMIN0000', session: 'undo', accessKeyId, since: '2026-01-01T00:00:00Z' });
  const credentials = await endpoint.actor({ account, identity, keyPrefix: 'ASIA' });
  const kinds = awsKinds.filter((kind) => kind.service === service);
  return {
    account,
    credentials,
    clients: clientsOf(endpoint.url, credentials, AGENTS.boto),
    look: () => look(endpoint, credentials, kinds),
  };
}

async function look(endpoint: Endpoint, credentials: Credentials, kinds: typeof awsKinds): Promise<Documents> {
  // The SDK's default credential chain reads the process's own environment.
  process.env.AWS_ACCESS_KEY_ID = credentials.accessKeyId;
  process.env.AWS_SECRET_ACCESS_KEY = credentials.secretAccessKey;
  process.env.AWS_SESSION_TOKEN = credentials.sessionToken;
  const quiet = () => undefined;
  const context = {
    ...realSurroundings(),
    sleep: async () => undefined,
    options: exporter.options.parse({ regions: [REGION], endpoint: endpoint.url, rate: 100, deadline: DEADLINE / 1000 }),
    signal: AbortSignal.timeout(DEADLINE),
    complete: quiet,
    identity: quiet,
    known: () => [],
    surveyed: quiet,
    progress: quiet,
    gap: (gap: { detail: string }) => {
      throw new Error(`a gap: ${gap.detail}`);
    },
  };
  const found: Resource[] = [];
  for await (const resource of collectAws(context as Parameters<typeof collectAws>[0], kinds)) found.push(resource);
  return new Map(found.map((resource) => [keyOf(resource.ref), written(resource)]));
}

function written(resource: Resource) {
  const kind = exporter.kinds[resource.ref.kind];
  if (kind === undefined) throw new Error(`no kind ${resource.ref.kind}`);
  const { ref, config, bytes } = normalize(resource, kind, redactor);
  return { ref, config, bytes };
}
