/** What really happened: the documents of a place before and after every single call. */
import { diffJson } from '../../../src/diff/json.ts';
import type { Change, Edit, JsonObject, Ref } from '../../../src/model.ts';
import { contains } from '../../../src/pointer.ts';
import type { PlayedCall } from '../../aws/scenario/scenario.ts';
import { type Documents, keyOf, placeOf } from './documents.ts';
import { changedLeaves, leavesOfEdit } from './leaves.ts';
import { touchedBy } from './touched.ts';

/** One call with the difference that it made in the endpoint's state. */
export interface Trace {
  readonly id: string;
  readonly act: string;
  readonly who: string;
  readonly record: JsonObject;
  /** The endpoint said no. The emulator may have done half of it all the same. */
  readonly refused: boolean;
  readonly changes: readonly Change[];
  /** By resource. */
  readonly leaves: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Changes of resources between two sets of documents. */
export function changesBetween(before: Documents, after: Documents, pathOf: (ref: Ref) => string): Change[] {
  const keys = [...new Set([...before.keys(), ...after.keys()])].sort();
  return keys.flatMap((key): Change[] => {
    const old = before.get(key);
    const now = after.get(key);
    const ref = (now ?? old)?.ref;
    if (ref === undefined) return [];
    const path = pathOf(ref);
    if (old === undefined && now !== undefined)
      return [{ type: 'created', ref, path, edits: [{ path: '', before: null, after: now.config }], after: now.config }];
    if (now === undefined && old !== undefined)
      return [{ type: 'deleted', ref, path, edits: [{ path: '', before: old.config, after: null }], before: old.config }];
    if (old === undefined || now === undefined) return [];
    const edits = diffJson(old.config, now.config);
    return edits.length === 0 ? [] : [{ type: 'modified', ref, path, edits, before: old.config, after: now.config }];
  });
}

export interface Ledger {
  readonly follow: (call: PlayedCall) => Promise<void>;
  readonly traces: () => readonly Trace[];
  /** The difference that all calls made together. */
  readonly net: () => readonly Change[];
}

/** Reads the documents of some types in one place. */
export type Look = (place: { readonly account: string; readonly region: string }, types: readonly string[]) => Promise<Documents>;

/** Starts from what a snapshot saw. */
export function keepLedger(start: Documents, look: Look, pathOf: (ref: Ref) => string): Ledger {
  const known = new Map<string, Documents>();
  const traces: Trace[] = [];
  const lookAgain = async (before: Documents, place: Parameters<Look>[0], record: JsonObject): Promise<Documents> => {
    const types = touchedBy(String(record.eventName), place.region === 'global' ? 'iam' : 'ec2');
    const read = new Set(types.map((type) => `aws.${type}`));
    return new Map([...[...before].filter(([, { ref }]) => !read.has(ref.kind)), ...(await look(place, types))]);
  };
  const startOf = (scope: string): Documents => new Map([...start].filter(([, { ref }]) => ref.scope === scope));
  return {
    traces: () => traces,
    net: () => [...known].flatMap(([scope, documents]) => changesBetween(startOf(scope), documents, pathOf)),
    follow: async ({ record, served, act, who }) => {
      const { scope, ...place } = placeOf(record);
      const before = known.get(scope) ?? startOf(scope);
      // A call that the endpoint refused by itself never reached the state.
      const after = served ? await lookAgain(before, place, record) : before;
      known.set(scope, after);
      traces.push(traceOf({ record, act, who }, changesBetween(before, after, pathOf)));
    },
  };
}

export function traceOf({ record, act, who }: Pick<PlayedCall, 'record' | 'act' | 'who'>, changes: readonly Change[]): Trace {
  const leaves = new Map(changes.map(({ ref, before, after }) => [keyOf(ref), new Set(changedLeaves(before, after))]));
  return { id: String(record.eventID), act, who, record, refused: record.errorCode !== undefined, changes, leaves };
}

/**
 * The call that made an edit of the net difference: for what came or went the last that made or deleted it, else the
 * last that changed one of its leaves. A call that wrote the same value again changed nothing. Undefined: nobody did.
 */
export function causeOf(change: Change, edit: Edit, traces: readonly Trace[]): Trace | undefined {
  const key = keyOf(change.ref);
  if (change.type !== 'modified') {
    return traces.findLast(({ changes }) => changes.some((one) => one.type === change.type && keyOf(one.ref) === key));
  }
  const wanted = leavesOfEdit(edit, change);
  return traces.findLast(({ leaves }) => wanted.some((leaf) => leaves.get(key)?.has(leaf) === true));
}

/** Listed only while something else names them: what came and went is told there. */
const MIRRORS = new Set(['aws.iam.attached-managed-policy']);

/** A place that was changed and is as it was: nobody sees it in the difference. */
export interface Silent {
  readonly ref: Ref;
  readonly path: string;
  /** All that had a part in it, oldest first. */
  readonly calls: readonly Trace[];
}

/** One for each resource and edited path, whose leaves are all as they were before the first call. */
export function silentWrites(traces: readonly Trace[], net: readonly Change[]): Silent[] {
  const visible = new Map(net.map((change) => [keyOf(change.ref), change]));
  const found = new Map<string, Silent>();
  for (const trace of traces) {
    for (const change of trace.changes) {
      if (MIRRORS.has(change.ref.kind)) continue;
      const key = keyOf(change.ref);
      const seen = visible.get(key);
      // What came or went is one change with all that happened to it; what came and went is so, too.
      if (seen !== undefined && seen.type !== 'modified') continue;
      if (seen === undefined && change.type === 'modified' && begins(traces, key)) continue;
      if (isPart(trace, change) || cameAsPart(traces, key) || wentUnlikeAws(traces, key)) continue;
      const differing = seen === undefined ? [] : changedLeaves(seen.before, seen.after);
      for (const edit of change.edits) {
        const leaves = leavesOfEdit(edit, change);
        if (leaves.length === 0 || leaves.some((leaf) => differing.includes(leaf))) continue;
        // The same holds for a part of it that came or went. Not so for an index of an array, which means another member each time.
        if (seen?.edits.some((one) => one.path !== edit.path && contains(one.path, edit.path)) === true) continue;
        const place = `${key} ${edit.path}`;
        const calls = traces.filter((other) => leaves.some((leaf) => other.leaves.get(key)?.has(leaf) === true));
        found.set(place, { ref: change.ref, path: edit.path, calls });
      }
    }
  }
  return [...found.values()];
}

function begins(traces: readonly Trace[], key: string): boolean {
  const first = traces.flatMap(({ changes }) => changes.filter((change) => keyOf(change.ref) === key))[0];
  return first?.type === 'created';
}

/** What comes and goes with the thing that a call is named for: a VPC brings its main route table. Told is the VPC. */
function isPart({ record, changes }: Trace, { type, ref }: Change): boolean {
  if (type === 'modified') return false;
  const made = String(record.eventName)
    .replace(/^(?:Create|Delete)/, '')
    .toLowerCase();
  const named = (one: Change) => one.type === type && one.ref.kind.split('.').at(-1)?.replaceAll('-', '') === made;
  return changes.some(named) && !changes.some((one) => named(one) && keyOf(one.ref) === keyOf(ref));
}

/** The emulator keeps a VPC's default network ACL when the VPC goes, and lets it be deleted by itself; AWS does neither. */
function cameAsPart(traces: readonly Trace[], key: string): boolean {
  return traces.some((trace) =>
    trace.changes.some((change) => keyOf(change.ref) === key && change.type === 'created' && isPart(trace, change)),
  );
}

/** The emulator deletes DHCP options with the VPC that used them; AWS keeps them, and no effect tells of it. */
function wentUnlikeAws(traces: readonly Trace[], key: string): boolean {
  return traces.some(
    ({ record, changes }) =>
      record.eventName === 'DeleteVpc' &&
      changes.some(({ ref, type }) => keyOf(ref) === key && ref.kind === 'aws.ec2.dhcp-options' && type === 'deleted'),
  );
}

/** Successful calls after which everything was as before: the same value written again. */
export function idleWrites(traces: readonly Trace[]): Trace[] {
  return traces.filter(({ refused, changes }) => !refused && changes.length === 0);
}

export function overlap(one: string, other: string): boolean {
  return contains(one, other) || contains(other, one);
}
