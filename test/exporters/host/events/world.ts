/** Two snapshots of a host and the records of the time between: what attribution makes of them by the rules of the host's kinds. */
import { kinds } from '../../../../exporters/host/kinds.ts';
import { attribute } from '../../../../src/attribute/attribute.ts';
import { diffJson } from '../../../../src/diff/json.ts';
import { diffText } from '../../../../src/diff/text.ts';
import type { Actor, AuditEvent, Change, Json, Ref } from '../../../../src/model.ts';

/** By `<kind without host.> <id>`; facts have their kind's last word as id. */
export type World = Readonly<Record<string, Json>>;

export const ALICE: Actor = {
  name: 'alice',
  type: 'User',
  arn: null,
  role: 'root',
  via: 'ssh',
  sourceIp: '192.0.2.7',
  userAgent: '/usr/bin/vi',
  mfa: null,
  nameFrom: 'user',
};
export const BOB: Actor = { ...ALICE, name: 'bob' };
export const DAEMON: Actor = { ...ALICE, name: 'puppet', type: 'Service', via: 'service', sourceIp: null };
export const THROUGH_APT: Actor = { ...ALICE, service: 'apt' };

const [FROM, TO] = ['2026-03-02T09:00:00.000Z', '2026-03-02T09:05:00.000Z'];
const SCOPE = 'hosts/web01';
/** One record; `between` puts them a second apart. */
export function event(name: string, request: Json, actor: Actor = ALICE, source = 'linux-audit'): AuditEvent {
  return {
    id: '',
    time: FROM,
    source,
    name,
    account: 'web01',
    region: 'audit.log',
    readOnly: false,
    actor,
    request,
    response: null,
  };
}

/** A write to one file, as the trail tells it. */
export function write(change: string, path: string, more: Readonly<Record<string, string>> = {}, actor: Actor = ALICE): AuditEvent {
  const names: Readonly<Record<string, string>> = {
    created: 'create',
    deleted: 'delete',
    replaced: 'replace',
    written: 'write',
    mode: 'chmod',
    owner: 'chown',
  };
  return event(names[change] ?? 'setxattr', { files: [{ path, type: 'file', change, ...more }] }, actor);
}

export interface Told {
  /** `<kind> <id>: <status> <grade> <who>`, a line a change. */
  readonly changes: readonly string[];
  /** `<kind> <id>: <names of the events>` of writes that left nothing. */
  readonly transients: readonly string[];
  readonly unmapped: readonly string[];
}

export function between(before: World, after: World, events: readonly AuditEvent[]): Told {
  const [old, now] = [docs(before), docs(after)];
  const keys = [...new Set([...old.keys(), ...now.keys()])].sort();
  const changes = keys.flatMap((key) => changeOf(key, old.get(key), now.get(key)) ?? []);
  const result = attribute({
    changes: changes.map((change) => ({ change, window: { from: FROM, to: TO } })),
    window: { from: FROM, to: TO },
    events: events.map((each, index) => ({ ...each, id: `e-${index}`, time: `2026-03-02T09:02:${String(index).padStart(2, '0')}.000Z` })),
    kinds,
    base: {
      before: (ref) => old.get(keyOf(ref)),
      after: (ref) => now.get(keyOf(ref)),
      list: function* (scope, kind) {
        for (const key of keys) {
          const ref = refOf(key);
          if (ref.kind === kind && scope === SCOPE) yield { ref, config: now.get(key) ?? old.get(key) ?? null };
        }
      },
    },
    covered: ['audit.log', 'auth.log', 'package log'].map((region) => ({
      account: 'web01',
      region,
      from: FROM,
      to: '2026-03-02T10:00:00.000Z',
    })),
    trailGaps: [],
    issuedBy: () => undefined,
    now: '2026-03-02T10:00:00.000Z',
    pathOf: ({ kind, id }) => `${kind} ${id}`,
  });
  return {
    changes: result.changes.map(({ status, grade, actor }, index) =>
      [`${keyOf(changes[index]?.ref)}:`, status, grade, actor?.name].filter((part) => part !== undefined).join(' '),
    ),
    transients: result.transients.map(
      ({ transient, attribution }) => `${keyOf(transient.ref)}: ${attribution.events.map(({ name }) => name).join(' ')}`,
    ),
    unmapped: result.unmapped.map(({ name }) => name),
  };
}

function docs(world: World): Map<string, Json> {
  return new Map(Object.entries(world));
}

function keyOf(ref: Ref | undefined): string {
  return ref === undefined ? '' : `${ref.kind.slice('host.'.length)} ${ref.id}`;
}

function refOf(key: string): Ref {
  const space = key.indexOf(' ');
  return { scope: SCOPE, kind: `host.${key.slice(0, space)}`, id: key.slice(space + 1) };
}

function changeOf(key: string, before: Json | undefined, after: Json | undefined): Change | undefined {
  const ref = refOf(key);
  if (before === undefined || after === undefined) {
    const type = before === undefined ? 'created' : 'deleted';
    return {
      type,
      ref,
      path: key,
      edits: [{ path: '', before: before ?? null, after: after ?? null }],
      ...(before === undefined ? {} : { before }),
      ...(after === undefined ? {} : { after }),
    };
  }
  const edits = typeof before === 'string' && typeof after === 'string' ? diffText(before, after) : diffJson(before, after);
  return edits.length === 0 ? undefined : { type: 'modified', ref, path: key, edits, before, after };
}
