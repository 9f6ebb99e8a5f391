/** Customer-managed prefix lists and their entries. */
import { type Effect, pointer, type Ref } from 'drifttrail';
import { type Act, list, text } from './act.ts';
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
  return [
    ...newVersion(act),
    ...(Number.isInteger(entries) ? set(prefixList(act), '/maxEntries', entries) : []),
    ...(name === undefined ? [] : set(prefixList(act), '/prefixListName', name)),
    ...list(act.request.removeEntry).flatMap((entry) => unset(prefixList(act), entryPath(text(entry, 'cidr')))),
    ...list(act.request.addEntry).flatMap((entry) =>
      set(prefixList(act), entryPath(text(entry, 'cidr')), text(entry, 'description') ?? ''),
    ),
  ];
}

export const prefixLists: Topic = {
  kinds: ['aws.ec2.managed-prefix-list'],
  rules: [
    ec2('CreateManagedPrefixList', (act) =>
      created(act, ec2Ref(act, 'managed-prefix-list', text(act.response, 'prefixList.prefixListId'))),
    ),
    ec2('ModifyManagedPrefixList', modify),
    ec2('RestoreManagedPrefixListVersion', (act) => [...newVersion(act), ...set(prefixList(act), '/entries/**')]),
    ec2('DeleteManagedPrefixList', (act) => remove(prefixList(act))),
  ],
};
