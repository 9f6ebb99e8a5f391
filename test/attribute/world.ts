/** A small world to attribute in: AWS resources before and after, and the events between. */
import exporter from '../../exporters/aws/index.ts';
import { type AttributeInput, type AttributeResult, attribute } from '../../src/attribute/attribute.ts';
import type { AuditEvent, Change, Edit, Json, Ref } from '../../src/model.ts';
import { isObject, pointer } from '../../src/pointer.ts';
import { ACCOUNT, REGION } from './events.ts';

export const WINDOW = { from: '2026-07-01T10:00:00Z', to: '2026-07-01T10:05:00Z' };
export const LATER = '2026-07-01T11:00:00Z';

export const ref = (type: string, id: string): Ref =>
  type.startsWith('iam.')
    ? { scope: `aws/${ACCOUNT}/global`, kind: `aws.${type}`, id }
    : { scope: `aws/${ACCOUNT}/${REGION}`, kind: `aws.ec2.${type}`, id };

export const { kinds } = exporter;

export interface Item {
  readonly ref: Ref;
  readonly before?: Json;
  readonly after?: Json;
}

/** Leaf by leaf, as the diff stage does for objects; arrays are one leaf. */
export function editsOf(before: Json | undefined, after: Json | undefined, path = ''): Edit[] {
  if (isObject(before) && isObject(after)) {
    return [...new Set([...Object.keys(before), ...Object.keys(after)])]
      .sort()
      .flatMap((key) => editsOf(before[key], after[key], `${path}${pointer(key)}`));
  }
  return JSON.stringify(before) === JSON.stringify(after) ? [] : [{ path, before: before ?? null, after: after ?? null }];
}

export function changeOf({ ref: id, before, after }: Item): Change | undefined {
  const edits =
    before === undefined || after === undefined ? [{ path: '', before: before ?? null, after: after ?? null }] : editsOf(before, after);
  if (edits.length === 0 || (before === undefined && after === undefined)) return undefined;
  const type = before === undefined ? 'created' : after === undefined ? 'deleted' : 'modified';
  return { type, ref: id, path: pathOf(id), edits, ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) };
}

const pathOf = (id: Ref) => `${id.scope}/${id.kind.replace('aws.', '')}/${id.id}.json`;
const same = (a: Ref, b: Ref) => a.scope === b.scope && a.kind === b.kind && a.id === b.id;

export function attributeWorld(
  items: readonly Item[],
  events: readonly AuditEvent[],
  more: Partial<AttributeInput> = {},
): AttributeResult & { list: Change[] } {
  const list = items.map(changeOf).filter((change) => change !== undefined);
  const find = (id: Ref) => items.find((item) => same(item.ref, id));
  const result = attribute({
    changes: list.map((change) => ({ change, window: WINDOW })),
    window: WINDOW,
    events,
    kinds,
    base: {
      before: (id) => find(id)?.before,
      after: (id) => find(id)?.after,
      list: (scope, kind) =>
        items
          .filter((item) => item.ref.scope === scope && item.ref.kind === kind)
          .map((item) => ({ ref: item.ref, config: item.after ?? item.before ?? null })),
    },
    covered: [REGION, 'us-east-1'].map((region) => ({ account: ACCOUNT, region, from: '2026-06-30T00:00:00Z', to: LATER })),
    trailGaps: [],
    issuedBy: () => undefined,
    now: LATER,
    pathOf,
    ...more,
  });
  return { ...result, list };
}
