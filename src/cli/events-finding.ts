/** One audit event as a finding: what it did, by whom, without a snapshot to compare with. */
import type { AuditEvent, Change, Effect, Finding, Ref } from '../model.ts';
import type { Rank } from '../rank/rank.ts';
import { effectEdit } from '../report/words.ts';
import { findingId } from '../pipeline/finding-id.ts';
import { untrackedRef } from '../pipeline/event-resource.ts';

export function findingOfEvent(event: AuditEvent, effects: readonly Effect[], { level, score, rules, reasons }: Rank): Finding {
  const { id, name, source, time, account, region } = event;
  const ref = effects[0]?.ref ?? untrackedRef(event);
  const own = effects.filter((effect) => sameRef(effect.ref, ref));
  return {
    id: findingId([id, time, source, name, account, region]),
    commit: null,
    change: { type: typeOf(own), ref, path: '', edits: own.map(effectEdit) },
    window: { from: time, to: time },
    attribution: {
      status: 'attributed',
      grade: 'exact',
      actor: event.actor,
      events: [{ id, name, source, time }],
      edits: Object.fromEntries(own.map(({ path }) => [path, { eventIds: [id], grade: 'exact' as const }])),
      because: event.error === undefined ? 'the audit record itself' : `the call failed: ${event.error.code}`,
    },
    level,
    score,
    rules,
    reasons,
  };
}

function typeOf(effects: readonly Effect[]): Change['type'] {
  const whole = effects.find(({ path, cascade }) => path === '' && cascade === undefined);
  return whole?.op === 'create' ? 'created' : whole?.op === 'delete' ? 'deleted' : 'modified';
}

function sameRef(a: Ref, b: Ref): boolean {
  return a.id === b.id && a.kind === b.kind && a.scope === b.scope;
}
