/** Questions about the resources around a change, answered when a rule asks and never before. */
import type { Json, Ref } from '../model.ts';
import { isObject, valueAt } from '../pointer.ts';

/** The snapshot around a change: its own scope's resources, after the change. */
export interface Neighbours {
  readonly get: (ref: Ref) => Json | undefined;
  readonly list: (scope: string, kind: string) => Iterable<{ readonly ref: Ref; readonly config: Json }>;
}

export const NO_NEIGHBOURS: Neighbours = { get: () => undefined, list: () => [] };

/** Facts about a resource's surroundings. `known` is false when there is no snapshot to ask, so that 0 is not taken for none. */
export interface Around {
  readonly known: boolean;
  /** Network interfaces that a security group guards. */
  readonly interfaces: number;
  /** Those of them with a public address. */
  readonly publicInterfaces: number;
  /** Subnets that a route table serves. */
  readonly subnets: readonly string[];
  /** Whether a tag of the resource, or of the VPC it is in, calls it production. */
  readonly production: boolean;
  /** Whether a tag says that a stack or a Terraform run manages it. */
  readonly managed: boolean;
}

export function surroundingsOf(ref: Ref | undefined, config: Json | undefined, neighbours: Neighbours): Around {
  const lazily = <Value>(compute: () => Value): (() => Value) => {
    let known: { readonly value: Value } | undefined;
    return () => {
      known ??= { value: compute() };
      return known.value;
    };
  };
  const attached = lazily(() => (ref?.kind === 'aws.ec2.security-group' ? interfacesOf(ref, neighbours) : []));
  const subnets = lazily(() => (ref?.kind === 'aws.ec2.route-table' ? subnetsOf(ref, config, neighbours) : []));
  const production = lazily(() => ref !== undefined && (isProduction(config) || isProduction(vpcOf(ref, config, neighbours))));
  return {
    known: neighbours !== NO_NEIGHBOURS,
    get interfaces() {
      return attached().length;
    },
    get publicInterfaces() {
      return attached().filter((config) => typeof valueAt(config, '/association/publicIp') === 'string').length;
    },
    get subnets() {
      return subnets();
    },
    get production() {
      return production();
    },
    managed: isManaged(config),
  };
}

function interfacesOf(ref: Ref, neighbours: Neighbours): readonly Json[] {
  return [...neighbours.list(ref.scope, 'aws.ec2.network-interface')]
    .map(({ config }) => config)
    .filter((config) => {
      const groups = valueAt(config, '/groups');
      return isObject(groups) && Object.hasOwn(groups, ref.id);
    });
}

/** A main route table also serves every subnet of its VPC that names no other. */
function subnetsOf(ref: Ref, config: Json | undefined, neighbours: Neighbours): readonly string[] {
  const own = associationsOf(config);
  const named = own.flatMap((association) => (typeof association.subnetId === 'string' ? [association.subnetId] : []));
  if (!own.some((association) => association.main === true)) return named.sort();
  const vpc = valueAt(config, '/vpcId');
  const elsewhere = new Set(
    [...neighbours.list(ref.scope, 'aws.ec2.route-table')]
      .filter((table) => table.ref.id !== ref.id)
      .flatMap((table) => associationsOf(table.config).map(({ subnetId }) => subnetId)),
  );
  const implicit = [...neighbours.list(ref.scope, 'aws.ec2.subnet')].filter(
    (subnet) => valueAt(subnet.config, '/vpcId') === vpc && !elsewhere.has(subnet.ref.id),
  );
  return [...new Set([...named, ...implicit.map((subnet) => subnet.ref.id)])].sort();
}

function associationsOf(config: Json | undefined): readonly Readonly<Record<string, Json>>[] {
  const associations = valueAt(config, '/associations');
  return isObject(associations) ? Object.values(associations).filter(isObject) : [];
}

function vpcOf(ref: Ref, config: Json | undefined, neighbours: Neighbours): Json | undefined {
  const id = valueAt(config, '/vpcId');
  return typeof id === 'string' ? neighbours.get({ scope: ref.scope, kind: 'aws.ec2.vpc', id }) : undefined;
}

function tagsOf(config: Json | undefined): Readonly<Record<string, Json>> {
  const tags = valueAt(config, '/tags');
  return isObject(tags) ? tags : {};
}

/** Only tags that exist to say so: a name that happens to contain "prod" says nothing. */
function isProduction(config: Json | undefined): boolean {
  return Object.entries(tagsOf(config)).some(
    ([key, value]) => /^(env|environment|stage|tier)$/i.test(key) && /^(prod|production|prd|live)$/i.test(String(value)),
  );
}

function isManaged(config: Json | undefined): boolean {
  return Object.entries(tagsOf(config)).some(
    ([key, value]) =>
      key === 'aws:cloudformation:stack-name' ||
      (/^(managed[-_]?by|terraform|iac)$/i.test(key) &&
        /terraform|opentofu|pulumi|cloudformation|cdk|crossplane|^true$/i.test(String(value))),
  );
}
