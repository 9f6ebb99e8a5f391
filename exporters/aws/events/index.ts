/** Which CloudTrail events change which kind, and how: the topics of this folder by kind. */
import type { EventRule } from 'drifttrail';
import { addresses } from './addresses.ts';
import { endpoints } from './endpoints.ts';
import { gateways } from './gateways.ts';
import { iamAccount } from './iam-account.ts';
import { iamGroups } from './iam-groups.ts';
import { iamPolicies } from './iam-policies.ts';
import { iamRoles } from './iam-roles.ts';
import { iamUsers } from './iam-users.ts';
import { instances } from './instances.ts';
import { interfaces } from './interfaces.ts';
import { networkAcls } from './network-acl.ts';
import { prefixLists } from './prefix-lists.ts';
import { routes } from './routes.ts';
import type { Topic } from './rules.ts';
import { securityGroups } from './security-groups.ts';
import { tags } from './tags.ts';
import { transitGateways } from './transit-gateway.ts';
import { vpcs } from './vpc.ts';
import { vpcWide } from './vpc-wide.ts';

const TOPICS: readonly Topic[] = [
  vpcs,
  vpcWide,
  routes,
  securityGroups,
  networkAcls,
  gateways,
  endpoints,
  prefixLists,
  transitGateways,
  addresses,
  interfaces,
  instances,
  tags,
  iamUsers,
  iamRoles,
  iamGroups,
  iamPolicies,
  iamAccount,
];

function byKind(topics: readonly Topic[]): Record<string, readonly EventRule[]> {
  const found: Record<string, EventRule[]> = {};
  for (const { kinds, rules } of topics) {
    for (const kind of kinds) {
      found[kind] ??= [];
      found[kind].push(...rules);
    }
  }
  return found;
}

/** The event rules of each kind. A rule that touches several kinds stands under each of them, as the same object. */
export const events: Readonly<Record<string, readonly EventRule[]>> = byKind(TOPICS);
