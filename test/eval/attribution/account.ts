/** Reads the scenario's accounts through the AWS exporter into normalised documents. */
import { collectAws } from '../../../exporters/aws/collect.ts';
import exporter from '../../../exporters/aws/index.ts';
import { awsKinds } from '../../../exporters/aws/kinds.ts';
import { collect } from '../../../src/collect/collect.ts';
import type { Kind, Snapshot, Surroundings } from '../../../src/model.ts';
import { normalize } from '../../../src/normalize/normalize.ts';
import { createRedactor } from '../../../src/normalize/redact.ts';
import { realSurroundings } from '../../../src/surroundings.ts';
import { assumedRole } from '../../aws/endpoint/callers.ts';
import type { Scenario } from '../../aws/scenario/scenario.ts';
import type { Place } from '../../aws/scenario/stage.ts';
import { ACCOUNTS } from '../../aws/scenario/cast.ts';
import { REGIONS } from '../../aws/scenario/world.ts';
import { type Documents, keyOf } from './documents.ts';

const redactor = createRedactor(Buffer.alloc(32, 7));

export interface Reader {
  /** As a run of the product reads it. */
  readonly snapshot: () => Promise<{ snapshot: Snapshot; documents: Documents }>;
  /** What one place holds of some types; by the real clock, so that looking takes no time of the scenario. */
  readonly place: (place: Place, types: readonly string[]) => Promise<Documents>;
  readonly surroundings: Surroundings;
  readonly access: { readonly accounts: readonly { roleArn: string }[]; readonly regions: readonly string[]; readonly endpoint: string };
}

/** A busy machine must not pass for a dead region: few at a time for the emulator, which answers one after the other. */
const DEADLINE = 10 * 60_000;
const UNHURRIED = { rate: 100, concurrency: 2, deadline: DEADLINE / 1000 };

export async function openReader({ endpoint, clock }: Scenario): Promise<Reader> {
  const keys = new Map<string, Awaited<ReturnType<typeof endpoint.actor>>>();
  for (const account of ACCOUNTS) {
    const identity = (accessKeyId: string) =>
      assumedRole({
        account,
        role: 'reader',
        roleId: 'AROAEXAMPLEREADER000',
        session: 'reader',
        accessKeyId,
        since: '2026-01-01T00:00:00Z',
      });
    keys.set(account, await endpoint.actor({ account, identity, keyPrefix: 'ASIA' }));
  }
  // The SDK's default credential chain reads the process's own environment.
  const actAs = (account: string) => {
    const key = keys.get(account);
    process.env.AWS_ACCESS_KEY_ID = key?.accessKeyId;
    process.env.AWS_SECRET_ACCESS_KEY = key?.secretAccessKey;
    process.env.AWS_SESSION_TOKEN = key?.sessionToken;
  };
  const real = realSurroundings();
  const surroundings: Surroundings = { ...real, now: clock.now, sleep: clock.sleep };
  const access = {
    accounts: ACCOUNTS.map((account) => ({ roleArn: `arn:aws:iam::${account}:role/drifttrail` })),
    regions: REGIONS,
    endpoint: endpoint.url,
  };
  return {
    surroundings,
    access,
    snapshot: async () => {
      actAs(ACCOUNTS[0]);
      const options = exporter.options.parse({ ...access, ...UNHURRIED });
      const snapshot = await collect(exporter, options, { surroundings, signal: AbortSignal.timeout(DEADLINE), progress: () => undefined });
      const [gap] = snapshot.gaps;
      if (gap !== undefined) throw new Error(`a gap in ${gap.scope} ${gap.kind ?? ''}: ${gap.detail}`);
      return { snapshot, documents: documentsOf(snapshot.resources, exporter.kinds) };
    },
    place: async ({ account, region }, types) => {
      actAs(account);
      const options = exporter.options.parse({
        regions: [region === 'global' ? 'us-east-1' : region],
        endpoint: endpoint.url,
        ...UNHURRIED,
      });
      const quiet = () => undefined;
      const gap = (one: { detail: string }) => {
        throw new Error(`a gap: ${one.detail}`);
      };
      // Time is not what is measured here: requests go as fast as they can.
      const context = {
        ...real,
        sleep: async () => undefined,
        options,
        signal: AbortSignal.timeout(DEADLINE),
        complete: quiet,
        identity: quiet,
        known: () => [],
        surveyed: quiet,
        progress: quiet,
        gap,
      };
      const found = [];
      for await (const resource of collectAws(
        context as Parameters<typeof collectAws>[0],
        awsKinds.filter(({ type }) => types.includes(type)),
      ))
        found.push(resource);
      return documentsOf(found, exporter.kinds);
    },
  };
}

function documentsOf(resources: Snapshot['resources'], kinds: Readonly<Record<string, Kind>>): Documents {
  return new Map(
    resources.flatMap((resource) => {
      const kind = kinds[resource.ref.kind];
      if (kind === undefined) return [];
      const { ref, config, bytes } = normalize(resource, kind, redactor);
      return [[keyOf(ref), { ref, config, bytes }] as const];
    }),
  );
}
