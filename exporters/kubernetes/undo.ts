/** Commands that bring a resource back, by kubectl: a patch of what changed, or the file that the snapshots repository holds. */
import { createHash } from 'node:crypto';
import { type Change, isObject, type JsonObject, type ListRule, storedText } from 'drifttrail';
import { note, quote } from '../_shell/words.ts';
import { LISTS } from './lists.ts';
import { clusterOf, groupKind, namespaceOf, textAt } from './names.ts';
import { patchBack } from './undo-patch.ts';

const REDACTED = '«redacted:';
/** Bytes of a patch on a command line; a longer one is no longer read by anybody. */
const LONGEST = 8000;

/**
 * kubectl is told the context by the cluster's name: where none is called so it refuses, rather than act on another cluster.
 * What holds secrets is never written back.
 */
export function undoResource(change: Change): readonly string[] {
  const kubectl = `kubectl --context=${quote(clusterOf(change.ref))}${inNamespace(change)}`;
  const thing = quote(thingOf(change));
  if (change.type === 'created') return [...warned(change), `${kubectl} delete ${thing}`];
  if (!isObject(change.before)) return [note(`the old state is no data: git -C snapshots log -p -- ${change.path} has it`)];
  if (change.type === 'deleted') return madeAgain(change, change.before, kubectl);
  return modified(change, change.before, kubectl, thing);
}

function modified(change: Change, before: JsonObject, kubectl: string, thing: string): readonly string[] {
  const lists = listsOf(change);
  const [only, ...others] = change.edits;
  if (groupKind(change.ref.kind).group === 'apps' && others.length === 0 && only?.path === '/spec/replicas' && only.before !== null)
    return [`${kubectl} scale ${thing} --replicas=${quote(String(only.before))}`];
  const steps = isObject(change.after) ? patchBack(change.edits, before, change.after, lists) : undefined;
  const patch = JSON.stringify(steps ?? []);
  if (patch.includes(REDACTED) || isNameless(before)) {
    return [
      note(`its secrets are not kept: git -C snapshots log -p -- ${change.path} shows what changed, the values are where they came from`),
    ];
  }
  if (steps !== undefined && patch.length <= LONGEST) return [`${kubectl} patch ${thing} --type=json -p ${quote(patch)}`];
  if (JSON.stringify(before).includes(REDACTED))
    return [note('too much changed for a patch, and it holds secrets that are not kept: put it back by hand')];
  return [
    note('too much changed for a patch: what was set since by others goes too'),
    `${fileOf(change, before)} | ${kubectl} replace -f -`,
  ];
}

function madeAgain(change: Change, before: JsonObject, kubectl: string): readonly string[] {
  if (JSON.stringify(before).includes(REDACTED) || isNameless(before)) {
    const thing = thingOf(change);
    return [
      note(
        `${thing} held secrets that are not kept: git -C snapshots log -p -- ${change.path} shows it without; make it from where they are kept`,
      ),
    ];
  }
  return [
    ...WITHOUT.flatMap(([kind, lost]) => (groupKind(change.ref.kind).kind === kind ? [note(lost)] : [])),
    `${fileOf(change, before)} | ${kubectl} create -f -`,
  ];
}

/** What comes back without something. */
const WITHOUT: readonly (readonly [kind: string, lost: string])[] = [
  ['Namespace', 'this makes the namespace anew and empty: what was in it is undone by its own findings'],
  ['CustomResourceDefinition', 'this makes the kind known again: its resources are undone by their own findings'],
  ['PersistentVolumeClaim', 'this brings back the claim and not the data'],
  ['PersistentVolume', 'this brings back the volume’s entry and not the data'],
];

/** What goes with a thing that is deleted. */
const WITH: Readonly<Record<string, string>> = {
  Namespace: 'this deletes everything in the namespace',
  CustomResourceDefinition: 'this deletes every resource of the kind',
  PersistentVolumeClaim: 'this deletes the data too unless the reclaim policy of its volume is Retain',
  PersistentVolume: 'this deletes the data too unless its reclaim policy is Retain',
};

function warned({ ref }: Change): readonly string[] {
  const warning = WITH[groupKind(ref.kind).kind];
  return warning === undefined ? [] : [note(warning)];
}

/** By the id that git gives to just these bytes: no commit needs to be named, and other bytes are not found. */
function fileOf(change: Change, before: JsonObject): string {
  const bytes = Buffer.from(storedText(before, { format: 'yaml', lists: listsOf(change) }));
  return `git -C snapshots cat-file blob ${createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex')}`;
}

function inNamespace({ ref }: Change): string {
  const namespace = namespaceOf(ref);
  return namespace === undefined ? '' : ` -n ${quote(namespace)}`;
}

/** `deployment.apps/web`; kubectl takes kinds for the names of resources, in any case. */
function thingOf({ ref }: Change): string {
  const { group, kind } = groupKind(ref.kind);
  return `${kind.toLowerCase()}${group === '' ? '' : `.${group}`}/${ref.id}`;
}

function listsOf({ ref }: Change): readonly ListRule[] {
  return LISTS[ref.kind.slice('kubernetes.'.length)] ?? [];
}

/** A Secret that was read without its values is nothing that can be applied. */
function isNameless(before: JsonObject): boolean {
  return textAt(before, 'kind') === 'Secret' && before.data === undefined;
}
