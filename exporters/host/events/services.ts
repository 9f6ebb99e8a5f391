/** Services that systemd started and stopped. */
import type { Effect, EventRule } from 'drifttrail';
import { type Act, calm, fact, implied, member, ruleFor, set, sides, text, unset } from './act.ts';

export const serviceRules: readonly EventRule[] = [
  ruleFor('linux-audit', 'SERVICE_START', (act) => serviceEffects(act, 'active')),
  ruleFor('linux-audit', 'SERVICE_STOP', (act) => serviceEffects(act, 'inactive')),
];

/** A service that is neither enabled nor running has no entry: its first start makes one, its stop takes it away. */
function serviceEffects(act: Act, state: string): Effect[] {
  const unit = text(act.request, 'unit') ?? '';
  const name = /\.\w+$/.test(unit) ? unit : `${unit}.service`;
  const ref = fact(act, 'host.service');
  const entry = member(name);
  const { before, after } = sides(act, ref, entry);
  // Jobs of timers come and go all day, and no snapshot shows them.
  if (before === undefined && after === undefined) return implied('a job that comes and goes', set(ref, entry));
  const effect =
    state === 'active' && before === undefined
      ? set(ref, entry, { state })
      : state === 'inactive' && after === undefined
        ? unset(ref, entry)
        : set(ref, `${entry}/state`, state);
  return act.event.actor.type === 'Service' ? calm(act, [effect]) : [effect];
}
