/** Seeded data: network interfaces of many accounts as an exporter yields them; the same seed gives the same bytes. */
import type { Json, JsonObject, Resource } from '../src/model.ts';

const ACCOUNTS = 20;
const REGIONS = ['eu-central-1', 'eu-north-1', 'eu-west-1', 'us-east-1', 'us-east-2', 'us-west-2'] as const;
const PURPOSES = ['database', 'frontend', 'ingress', 'queue', 'runner', 'search', 'worker'] as const;
export const KIND = 'aws.ec2.network-interface';

/** A number in [0, below), the next of the sequence that the seed begins. */
export type Random = (below: number) => number;

/** Marsaglia's xorshift with 32 bits (doi:10.18637/jss.v008.i14): small, and the same on every machine. */
export function createRandom(seed: number): Random {
  let state = seed | 0 || 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

/** Spread over 120 scopes; about 1.2 KB each when stored. */
export function makeResources(count: number, seed = 1): Resource[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, (_, index) => makeResource(index, random));
}

export function scopesOf(resources: readonly Resource[]): string[] {
  return [...new Set(resources.map(({ ref }) => ref.scope))];
}

/** The same resources, `changes` of them, evenly spread, with another security group, and `deletes` of them gone. */
export function withChanges(resources: readonly Resource[], changes: number, deletes = 0, mark = 'changed'): Resource[] {
  const chosen = spread(resources.length, changes, 0);
  const gone = spread(resources.length, deletes, 1);
  return resources.flatMap((resource, index) => {
    if (gone.has(index)) return [];
    if (!chosen.has(index)) return [resource];
    const config = resource.config as JsonObject;
    const groups = config.groups as readonly Json[];
    return [{ ...resource, config: { ...config, groups: [...groups, { groupId: `sg-${hex(index, 17)}`, groupName: mark }] } }];
  });
}

function spread(length: number, count: number, offset: number): Set<number> {
  return new Set(Array.from({ length: count }, (_, index) => Math.floor((index * length) / count) + offset));
}

function makeResource(index: number, random: Random): Resource {
  const account = String(100_000_000_000 + (index % ACCOUNTS) * 7_777_777);
  const region = REGIONS[Math.floor(index / ACCOUNTS) % REGIONS.length] ?? REGIONS[0];
  const id = `eni-${hex(index, 8)}${hex(random(0xffffffff), 8)}0`;
  const purpose = PURPOSES[random(PURPOSES.length)] ?? 'worker';
  const address = `10.${random(200)}.${random(256)}.${random(256)}`;
  const dns = `ip-${address.replaceAll('.', '-')}.${region}.compute.internal`;
  const config: JsonObject = {
    networkInterfaceId: id,
    ownerId: account,
    requesterId: account,
    description: `${purpose} ${random(1000)}`,
    interfaceType: 'interface',
    availabilityZone: `${region}${'abc'[random(3)]}`,
    status: 'in-use',
    vpcId: `vpc-${hex(random(5000), 17)}`,
    subnetId: `subnet-${hex(random(50_000), 17)}`,
    macAddress: `02:${[1, 2, 3, 4, 5].map(() => hex(random(256), 2)).join(':')}`,
    sourceDestCheck: true,
    requesterManaged: false,
    privateIpAddress: address,
    privateDnsName: dns,
    privateIpAddresses: [{ primary: true, privateIpAddress: address, privateDnsName: dns }],
    ipv6Addresses: [],
    groups: [1, 2].map((number) => ({ groupId: `sg-${hex(random(20_000), 17)}`, groupName: `${purpose}-${number}` })),
    attachment: {
      attachmentId: `eni-attach-${hex(random(0xffffffff), 17)}`,
      instanceId: `i-${hex(random(0xffffffff), 17)}`,
      instanceOwnerId: account,
      deviceIndex: 0,
      networkCardIndex: 0,
      deleteOnTermination: true,
      status: 'attached',
    },
    tags: [
      { key: 'Name', value: `${purpose}-${index}` },
      { key: 'team', value: `team-${random(40)}` },
      { key: 'environment', value: random(3) === 0 ? 'production' : 'staging' },
    ],
  };
  return { ref: { scope: `aws/${account}/${region}`, kind: KIND, id }, config };
}

function hex(number: number, digits: number): string {
  return number.toString(16).padStart(digits, '0');
}
