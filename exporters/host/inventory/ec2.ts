/** Running instances of AWS as machines to read over ssh: which ones by their tags, and at which of their addresses. */
import { isObject, type JsonObject, type Surroundings } from 'drifttrail';
import { z } from 'zod';
import { accountsOf, openAccount } from '../../_aws/accounts.ts';
import type { Account } from '../../_aws/api.ts';
import { type Fault, faultOf } from '../../_aws/errors.ts';
import { sessionShape } from '../../_aws/options.ts';
import { listAll } from '../../_aws/paginate.ts';
import { openSession, regionsOf } from '../../_aws/session.ts';
import { hostName, identity, jump, port, user } from '../../_ssh/options.ts';
import type { ListedHost } from './load.ts';

const ADDRESSES = {
  private: 'privateIpAddress',
  public: 'publicIpAddress',
  'private-dns': 'privateDnsName',
  'public-dns': 'publicDnsName',
} as const;

export const ec2Inventory = z.strictObject({
  ...sessionShape,
  rate: z.number().positive().max(100).default(5).describe('requests per second for each account and region'),
  tags: z
    .record(z.string().min(1), z.union([z.string(), z.array(z.string()).min(1)]))
    .default({})
    .describe('only instances with all of these tags, each with one of the values; * stands for any part of a value'),
  address: z.enum(['private', 'public', 'private-dns', 'public-dns']).default('private').describe('where to log in to'),
  name: z
    .enum(['tag', 'id'])
    .default('tag')
    .describe('name in the snapshots: the tag Name where only one instance has it, else the id; or always the id'),
  user: user.optional(),
  port: port.optional(),
  identity: identity.optional(),
  jump: jump.optional(),
});

export type Ec2Inventory = z.infer<typeof ec2Inventory>;

export interface Discovery {
  /** A region or an account could not be asked; `hosts` is then not all. */
  readonly refused: (fault: Fault) => void;
  /** An instance that is there and cannot be read so. */
  readonly leftOut: (text: string) => void;
}

interface Instance {
  readonly id: string;
  readonly config: JsonObject;
}

/** Sorted by name. Never throws for what AWS refuses. */
export async function ec2Hosts(
  options: Ec2Inventory,
  context: Surroundings & { readonly signal: AbortSignal },
  told: Discovery,
): Promise<ListedHost[]> {
  const session = await openSession(options, context);
  const instances: Instance[] = [];
  try {
    const refused = (_who: string, fault: Fault) => told.refused(fault);
    for (const option of await accountsOf(session, options, context.signal, refused)) {
      const account = await openAccount(session, option, context.signal, refused);
      if (account !== undefined) instances.push(...(await instancesOf(account, options, context.signal, told)));
    }
  } finally {
    session.close();
  }
  context.signal.throwIfAborted();
  const names = new Map<string, number>();
  for (const { config } of instances) names.set(nameTag(config), (names.get(nameTag(config)) ?? 0) + 1);
  const { user: login, port: at, identity: key, jump: through } = options;
  const settings = Object.fromEntries(
    Object.entries({ user: login, port: at, identity: key, jump: through }).filter(([, value]) => value !== undefined),
  );
  return instances
    .flatMap(({ id, config }): ListedHost[] => {
      const address = config[ADDRESSES[options.address]];
      const why =
        config['platform'] === 'windows'
          ? 'it runs Windows'
          : typeof address !== 'string' || address === ''
            ? `it has no ${options.address} address`
            : undefined;
      if (why !== undefined) {
        told.leftOut(`EC2 instance ${id} is left out: ${why}`);
        return [];
      }
      const tag = nameTag(config);
      const isName = options.name === 'tag' && names.get(tag) === 1 && hostName.safeParse(tag).success;
      return [{ name: isName ? tag : id, address, ...settings }];
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

async function instancesOf(account: Account, options: Ec2Inventory, signal: AbortSignal, told: Discovery): Promise<Instance[]> {
  const attempt = async <Value>(action: string, region: string, ask: () => Promise<Value>): Promise<Value | undefined> => {
    try {
      return await ask();
    } catch (error) {
      signal.throwIfAborted();
      told.refused(faultOf(error, { action, region, caller: account.caller }));
      return undefined;
    }
  };
  const regions = (await attempt('ec2:DescribeRegions', account.globalRegion, () => regionsOf(account, options.regions, signal))) ?? [];
  const asked = await Promise.all(
    regions.map((region) =>
      attempt('ec2:DescribeInstances', region, () =>
        listAll(
          account.send,
          { service: 'ec2', operation: 'DescribeInstances', input: inputOf(options.tags), region },
          'Reservations',
          signal,
        ),
      ),
    ),
  );
  return asked
    .flatMap((reservations) => (reservations ?? []).flatMap(({ instances }) => (Array.isArray(instances) ? instances : [])))
    .flatMap((config) => {
      const id: unknown = isObject(config) ? config.instanceId : undefined;
      return isObject(config) && typeof id === 'string' ? [{ id, config }] : [];
    });
}

function inputOf(tags: Ec2Inventory['tags']): JsonObject {
  const wanted = Object.entries(tags).map(([name, values]) => ({ Name: `tag:${name}`, Values: [values].flat() }));
  return { Filters: [{ Name: 'instance-state-name', Values: ['running'] }, ...wanted], MaxResults: 1000 };
}

function nameTag({ tags }: JsonObject): string {
  const found = Array.isArray(tags) ? tags.find((tag) => isObject(tag) && tag.key === 'Name') : undefined;
  return isObject(found) && typeof found.value === 'string' ? found.value : '';
}
