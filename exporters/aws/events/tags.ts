/** CreateTags and DeleteTags, and the tagging service's own: one call, many resources, whatever their kind. */
import { type Effect, isObject, pointer, type Ref } from 'drifttrail';
import { type Act, list, partOf, text, texts } from './act.ts';
import { ec2, ec2Ref, iamRef, implied, set, tagEffect, tagging, type Topic, unset } from './rules.ts';

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

/** Types of IAM that the tagging service knows, by what an ARN calls them. */
const OF_IAM: Readonly<Record<string, string>> = {
  policy: 'policy',
  'instance-profile': 'instance-profile',
  mfa: 'mfa-device',
  'oidc-provider': 'oidc-provider',
  'saml-provider': 'saml-provider',
};
const NAMED_BY_THE_END = new Set(['instance-profile', 'mfa']);

/** `arn:aws:ec2:eu-west-1:123456789012:vpc/vpc-1`. Those that failed are listed in the answer. */
function tagged(act: Act): Ref[] {
  const failed = act.response.failedResourcesMap;
  return texts(act.request.resourceARNList ?? null, 'content').flatMap((arn) => {
    const [, , service = '', , , resource = ''] = arn.split(':');
    if (isObject(failed) && Object.hasOwn(failed, arn)) return [];
    const [type = '', ...path] = resource.split('/');
    const last = path.at(-1) ?? '';
    if (service === 'iam') {
      const kind = OF_IAM[type];
      return kind === undefined ? [] : iamRef(act, kind, NAMED_BY_THE_END.has(type) ? last : path.join('/'));
    }
    const kind = service === 'ec2' ? PREFIXES[last.slice(0, last.lastIndexOf('-'))] : undefined;
    return kind === undefined ? [] : ec2Ref(act, kind, last);
  });
}

/** The service asks each resource's own with the caller's rights: that call's record tells more, if there is one. */
const onBehalf = (effects: readonly Effect[]): Effect[] => implied('the tagging service passed it on', effects);

function tagResources(act: Act): Effect[] {
  const { tags: wanted } = act.request;
  const pairs = isObject(wanted) ? Object.entries(wanted) : [];
  return onBehalf(pairs.flatMap(([key, value]) => set(tagged(act), pointer('tags', key), value)));
}

export const tags: Topic = {
  kinds: [...tagKinds, ...Object.values(OF_IAM).map((type) => `aws.iam.${type}`)],
  rules: [
    tagging('TagResources', tagResources),
    tagging('UntagResources', (act) =>
      onBehalf(texts(act.request.tagKeys ?? null, 'content').flatMap((key) => unset(tagged(act), pointer('tags', key)))),
    ),
    ec2('CreateTags', (act) => [...list(act.request.tagSet).flatMap((tag) => tagEffect(targets(act), tag)), ...ruleTags(act, 'set')]),
    ec2('DeleteTags', (act) => {
      const tagSet = list(act.request.tagSet);
      if (tagSet.length === 0) return [...unset(targets(act), '/tags/**'), ...ruleTags(act, 'unset')];
      return [...tagSet.flatMap((tag) => unset(targets(act), pointer('tags', text(tag, 'key') ?? ''))), ...ruleTags(act, 'unset')];
    }),
  ],
};
