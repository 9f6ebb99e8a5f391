/** Questions about the resources around a change, answered when a rule asks and never before. */
import type { Change, Json, Ref } from '../model.ts';
import { isObject, valueAt } from '../pointer.ts';
import { cutOffBy, routesThrough, subnetsOf } from './cut-off.ts';
import type { Opening } from './firewall.ts';
import { type Gained, gainedBy } from './gained.ts';
import { once } from './once.ts';
import { NO_NEIGHBOURS, type Neighbours } from './neighbours.ts';
import { type Exposed, exposedBy } from './reach.ts';

/** Facts about a resource's surroundings. `known` is false when there is no snapshot to ask, so that 0 is not taken for none. */
export interface Around {
  readonly known: boolean;
  /** Network interfaces that a security group guards. */
  readonly interfaces: number;
  /** Those that the change lets the internet reach, and why the others stay out of reach. */
  readonly exposed: Exposed;
  /** Subnets that a route table serves. */
  readonly subnets: readonly string[];
  /** Subnets that had a way out before the change and have none now. */
  readonly cutOff: readonly string[];
  /** Routes that lead through a gateway; `defaults` those of them that lead everywhere. */
  readonly routes: readonly string[];
  readonly defaults: readonly string[];
  /** Rights that came with what was attached or joined. */
  readonly gained: readonly Gained[];
  /** Whether a tag of the resource, or of the VPC it is in, calls it production. */
  readonly production: boolean;
  /** Whether a tag says that a stack or a Terraform run manages it. */
  readonly managed: boolean;
}

export interface Centre {
  readonly ref: Ref | undefined;
  readonly config: Json | undefined;
  readonly change?: Change;
  readonly openings?: readonly Opening[];
}

export function surroundingsOf({ ref, config, change, openings = [] }: Centre, neighbours: Neighbours): Around {
  const attached = once(() => (ref === undefined ? [] : interfacesOf(ref, neighbours)));
  const exposed = once(() => exposedBy(openings, attached(), neighbours));
  const subnets = once(() => (ref?.kind === 'aws.ec2.route-table' ? subnetsOf(ref, config, neighbours) : []));
  const cutOff = once(() => (change === undefined ? [] : cutOffBy(change, neighbours)));
  const routes = once(() => (ref === undefined ? [] : routesThrough(ref, neighbours)));
  const gained = once(() => (change === undefined ? [] : gainedBy(change, neighbours)));
  const production = once(() => ref !== undefined && (isProduction(config) || isProduction(vpcOf(ref, config, neighbours))));
  return {
    known: neighbours !== NO_NEIGHBOURS,
    get interfaces() {
      return attached().length;
    },
    get exposed() {
      return exposed();
    },
    get subnets() {
      return subnets();
    },
    get cutOff() {
      return cutOff();
    },
    get routes() {
      return routes().map(({ route }) => route);
    },
    get defaults() {
      return routes().flatMap(({ route, isDefault }) => (isDefault ? [route] : []));
    },
    get gained() {
      return gained();
    },
    get production() {
      return production();
    },
    managed: isManaged(config),
  };
}

/** Those a group guards; an interface is its own. */
function interfacesOf(ref: Ref, neighbours: Neighbours): readonly { readonly ref: Ref; readonly config: Json }[] {
  if (ref.kind === 'aws.ec2.network-interface') {
    const config = neighbours.get(ref);
    return config === undefined ? [] : [{ ref, config }];
  }
  if (ref.kind !== 'aws.ec2.security-group') return [];
  return [...neighbours.list(ref.scope, 'aws.ec2.network-interface')].filter(({ config }) => {
    const groups = valueAt(config, '/groups');
    return isObject(groups) && Object.hasOwn(groups, ref.id);
  });
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
