/** Customer-managed prefix lists and their entries. */
import { type Effect, pointer, type Ref } from 'drifttrail';
import { type Act, list, seenFrom, text, those } from './act.ts';
import { canonicalCidr } from './rule-key.ts';
import { created, ec2, ec2Ref, implied, remove, set, type Topic, unset } from './rules.ts';

const prefixList = (act: Act): Ref[] => ec2Ref(act, 'managed-prefix-list', text(act.request, 'prefixListId'));
const entryPath = (cidr: string | undefined) => pointer('entries', canonicalCidr(cidr ?? ''));

/** Any change of entries makes the next version. */
function newVersion(act: Act): Effect[] {
  const current = Number(text(act.request, 'currentVersion'));
  const next = Number.isInteger(current) && current > 0 ? current + 1 : undefined;
  return implied('every modification makes a version', set(prefixList(act), '/version', next));
}

function modify(act: Act): Effect[] {
  const name = text(act.request, 'prefixListName');
  const entries = Number(text(act.request, 'maxEntries'));
  const synced = text(act.request, 'ipamPrefixListResolverSyncEnabled');
  return [
    ...newVersion(act),
    ...(Number.isInteger(entries) ? set(prefixList(act), '/maxEntries', entries) : []),
    ...(name === undefined ? [] : set(prefixList(act), '/prefixListName', name)),
    ...(synced === undefined ? [] : set(prefixList(act), '/ipamPrefixListResolverSyncEnabled', synced)),
    ...list(act.request.removeEntry).flatMap((entry) => unset(prefixList(act), entryPath(text(entry, 'cidr')))),
    ...list(act.request.addEntry).flatMap((entry) =>
      set(prefixList(act), entryPath(text(entry, 'cidr')), text(entry, 'description') ?? ''),
    ),
  ];
}

const RESOLVER = ['/ipamPrefixListResolverTargetId', '/ipamPrefixListResolverSyncEnabled'];

/** A list whose entries IPAM keeps, maybe in another region: named by the call or its answer, else by the list's own word. */
function resolved(act: Act, own: (refs: readonly Ref[]) => Effect[]): Effect[] {
  const told = 'ipamPrefixListResolverTarget';
  const id = text(act.request, 'prefixListId') ?? text(act.response, `${told}.prefixListId`);
  const region = text(act.request, 'prefixListRegion') ?? text(act.response, `${told}.prefixListRegion`) ?? act.event.region;
  const target = text(act.request, 'ipamPrefixListResolverTargetId');
  const there = seenFrom(act, act.event.account, region);
  const refs =
    id === undefined
      ? those(there, 'aws.ec2.managed-prefix-list', (config) => text(config, 'ipamPrefixListResolverTargetId') === target)
      : ec2Ref(there, 'managed-prefix-list', id);
  return [...own(refs), ...implied('IPAM keeps the entries of a prefix list', set(refs, '/entries/**'), set(refs, '/version'))];
}

export const prefixLists: Topic = {
  kinds: ['aws.ec2.managed-prefix-list'],
  rules: [
    ec2('CreateManagedPrefixList', (act) =>
      created(act, ec2Ref(act, 'managed-prefix-list', text(act.response, 'prefixList.prefixListId'))),
    ),
    ec2('ModifyManagedPrefixList', modify),
    ec2('RestoreManagedPrefixListVersion', (act) => [...newVersion(act), ...set(prefixList(act), '/entries/**')]),
    ec2('CreateIpamPrefixListResolverTarget', (act) => resolved(act, (refs) => RESOLVER.flatMap((path) => set(refs, path)))),
    ec2('ModifyIpamPrefixListResolverTarget', (act) => resolved(act, () => [])),
    ec2('DeleteIpamPrefixListResolverTarget', (act) => resolved(act, (refs) => RESOLVER.flatMap((path) => unset(refs, path)))),
    ec2('DeleteManagedPrefixList', (act) => remove(prefixList(act))),
  ],
};
