/** CreateTags and DeleteTags: one call, many resources, whatever their kind. */
import { type Effect, pointer, type Ref } from 'drifttrail';
import { type Act, list, partOf, text, texts } from './act.ts';
import { ec2, ec2Ref, tagEffect, type Topic, unset } from './rules.ts';

/** The kind tells itself by the id's prefix; the longest that fits wins. */
const PREFIXES: Readonly<Record<string, string>> = {
  vpc: 'vpc',
  subnet: 'subnet',
  rtb: 'route-table',
  igw: 'internet-gateway',
  eigw: 'egress-only-internet-gateway',
  nat: 'nat-gateway',
  vgw: 'vpn-gateway',
  cgw: 'customer-gateway',
  vpn: 'vpn-connection',
  sg: 'security-group',
  acl: 'network-acl',
  pcx: 'vpc-peering-connection',
  vpce: 'vpc-endpoint',
  pl: 'managed-prefix-list',
  tgw: 'transit-gateway',
  'tgw-attach': 'transit-gateway-attachment',
  'tgw-rtb': 'transit-gateway-route-table',
  fl: 'flow-log',
  eipalloc: 'address',
  eni: 'network-interface',
  dopt: 'dhcp-options',
};

export const tagKinds = Object.values(PREFIXES).map((type) => `aws.ec2.${type}`);

function targets(act: Act): Ref[] {
  return texts(act.request.resourcesSet ?? null, 'resourceId').flatMap((id) => {
    if (id.startsWith('sgr-')) return [];
    const type = PREFIXES[id.slice(0, id.lastIndexOf('-'))];
    return type === undefined ? [] : ec2Ref(act, type, id);
  });
}

/** Rules of groups carry tags of their own, inside the group's document. */
function ruleTags(act: Act, change: 'set' | 'unset'): Effect[] {
  return texts(act.request.resourcesSet ?? null, 'resourceId')
    .filter((id) => id.startsWith('sgr-'))
    .flatMap((id) => {
      const found = partOf(act, id);
      if (found === undefined) return [];
      // Without a list of tags all of them go.
      if (change === 'unset' && list(act.request.tagSet).length === 0) return unset([found.ref], `${found.path}/tags/**`);
      return list(act.request.tagSet).map((tag) => ({
        ref: found.ref,
        op: change,
        path: `${found.path}${pointer('tags', text(tag, 'key') ?? '')}`,
        ...(change === 'set' ? { value: text(tag, 'value') ?? '' } : {}),
      }));
    });
}

export const tags: Topic = {
  kinds: tagKinds,
  rules: [
    ec2('CreateTags', (act) => [...list(act.request.tagSet).flatMap((tag) => tagEffect(targets(act), tag)), ...ruleTags(act, 'set')]),
    ec2('DeleteTags', (act) => {
      const tagSet = list(act.request.tagSet);
      if (tagSet.length === 0) return [...unset(targets(act), '/tags/**'), ...ruleTags(act, 'unset')];
      return [...tagSet.flatMap((tag) => unset(targets(act), pointer('tags', text(tag, 'key') ?? ''))), ...ruleTags(act, 'unset')];
    }),
  ],
};
