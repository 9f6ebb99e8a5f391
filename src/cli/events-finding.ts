/** One audit event as a finding: what it did is the change, who did it is known exactly. */
import { createHash } from 'node:crypto';
import type { AuditEvent, Change, Edit, Effect, Finding, Ref } from '../model.ts';
import { isObject } from '../pointer.ts';
import type { Rank } from '../rank/rank.ts';

export function findingOfEvent(event: AuditEvent, effects: readonly Effect[], { level, score, rules, reasons }: Rank): Finding {
  const { id, name, source, time } = event;
  const ref = effects[0]?.ref ?? refOf(event);
  const own = effects.filter((effect) => sameRef(effect.ref, ref));
  const edits = own.map(editOf);
  return {
    id: `f-${createHash('sha256').update(id).digest('hex').slice(0, 12)}`,
    commit: null,
    change: { type: typeOf(own), ref, path: '', edits },
    window: { from: time, to: time },
    attribution: {
      status: 'attributed',
      grade: 'exact',
      actor: event.actor,
      events: [{ id, name, source, time }],
      edits: Object.fromEntries(edits.map(({ path }) => [path, { eventIds: [id], grade: 'exact' as const }])),
      because: event.error === undefined ? 'the audit record itself' : `the call failed: ${event.error.code}`,
    },
    level,
    score,
    rules,
    reasons,
  };
}

function typeOf(effects: readonly Effect[]): Change['type'] {
  if (effects.some(({ op, path }) => op === 'create' && path === '')) return 'created';
  return effects.some(({ op, path }) => op === 'delete' && path === '') ? 'deleted' : 'modified';
}

function editOf({ op, path, value }: Effect): Edit {
  const gone = op === 'delete' || op === 'unset';
  return { path, before: gone ? (value ?? null) : null, after: gone ? null : (value ?? null) };
}

/** No kind of ours knows the event: its service, and the first resource that the record names. */
function refOf(event: AuditEvent): Ref {
  const resources = event.extra?.resources;
  const first = Array.isArray(resources) ? (resources[0] as unknown) : undefined;
  const arn = isObject(first) ? (first.ARN ?? first.arn) : undefined;
  return {
    scope: `aws/${event.account}/${event.region}`,
    kind: event.source.replace(/\.amazonaws\.com$/, ''),
    id: typeof arn === 'string' ? arn : event.name,
  };
}

function sameRef(a: Ref, b: Ref): boolean {
  return a.id === b.id && a.kind === b.kind && a.scope === b.scope;
}
