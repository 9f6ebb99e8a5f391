/** The rights behind what was attached or joined: the documents of the account's own policies, and what a group holds. */
import type { Change, Json, Ref } from '../model.ts';
import { isObject, segmentsOf, valueAt } from '../pointer.ts';
import type { Neighbours } from './neighbours.ts';

export interface Gained {
  /** The policy or group it came by. */
  readonly by: string;
  /** Of an attached policy, '' for an inline one. */
  readonly arn: string;
  readonly document: Json;
}

const PRINCIPAL = /^aws\.iam\.(user|role|group)$/;

export function gainedBy(change: Change, neighbours: Neighbours): readonly Gained[] {
  if (!PRINCIPAL.test(change.ref.kind) || change.type === 'deleted') return [];
  const attached = newMembers(change, 'attachedPolicies').flatMap((arn) => attachedPolicy(arn, change.ref, neighbours));
  const joined = newMembers(change, 'groups').flatMap((group) => heldBy(group, change.ref, neighbours));
  return [...attached, ...joined];
}

/** Keys of an object or texts of a list that are there now and were not before, from the configs or from the edits alone. */
function newMembers(change: Change, name: string): readonly string[] {
  const namesIn = (config: Json | undefined): readonly string[] => {
    const value = valueAt(config, `/${name}`);
    if (Array.isArray(value)) return value.filter((item) => typeof item === 'string');
    return isObject(value) ? Object.keys(value) : [];
  };
  if (change.after !== undefined) {
    const before = new Set(namesIn(change.before));
    return namesIn(change.after).filter((member) => !before.has(member));
  }
  return change.edits.flatMap(({ path, before, after }) => {
    const [group, key = ''] = segmentsOf(path);
    if (group !== name || before !== null || after === null) return [];
    return typeof after === 'string' && /^\d+$/.test(key) ? [after] : [key];
  });
}

function attachedPolicy(arn: string, ref: Ref, neighbours: Neighbours): readonly Gained[] {
  const at = arn.indexOf(':policy/');
  const document = at < 0 ? undefined : documentOf(arn.slice(at + ':policy/'.length), ref.scope, neighbours);
  return [{ by: arn.slice(arn.lastIndexOf('/') + 1), arn, document: document ?? null }];
}

function documentOf(id: string, scope: string, neighbours: Neighbours): Json | undefined {
  return valueAt(neighbours.get({ scope, kind: 'aws.iam.policy', id }), '/document');
}

function heldBy(group: string, ref: Ref, neighbours: Neighbours): readonly Gained[] {
  const config = neighbours.get({ scope: ref.scope, kind: 'aws.iam.group', id: group });
  const [attached, inline] = [valueAt(config, '/attachedPolicies'), valueAt(config, '/inlinePolicies')];
  return [
    ...(isObject(attached) ? Object.keys(attached).flatMap((arn) => attachedPolicy(arn, ref, neighbours)) : []),
    ...(isObject(inline) ? Object.values(inline).map((document) => ({ by: group, arn: '', document })) : []),
  ].map((gained) => ({ ...gained, by: `group ${group}` }));
}
