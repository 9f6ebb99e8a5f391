/** Commands run through sudo or in its stead: what they name they may have changed, which is no proof. */
import type { Effect, EventRule } from 'drifttrail';
import { type Act, fact, member, nothing, ruleFor, scopeOf, text } from './act.ts';

export const commandRules: readonly EventRule[] = ['sudo', 'su'].map((name) => ruleFor('linux-sudo', name, commandEffects));

/** A place that no document has: the act is listed beside a change of the resource, and explains no edit. */
const NAMED = '/named by a command';

function commandEffects(act: Act): Effect[] {
  const words = (text(act.request, 'command') ?? '').split(/\s+/);
  const { names } = act.request;
  const paths = Array.isArray(names) ? names.map(String) : [];
  const scope = scopeOf(act.event);
  const files = paths
    .map((id) => ({ scope, kind: 'host.file', id }))
    .filter((ref) => act.lookup.before(ref) !== undefined || act.lookup.after(ref) !== undefined);
  const units = /(^|\/)(systemctl|service)$/.test(words[0] ?? '') ? words.slice(1).filter((word) => /^[\w@.-]+$/.test(word)) : [];
  const services = fact(act, 'host.service');
  const effects = [
    ...files.map((ref): Effect => ({ ref, op: 'set', path: NAMED, cascade: 'a command named it' })),
    ...units.slice(1).map(
      (unit): Effect => ({
        ref: services,
        op: 'set',
        path: member(unit.includes('.') ? unit : `${unit}.service`, 'named'),
        cascade: 'a command named it',
      }),
    ),
  ];
  return effects.length === 0 ? nothing(act, 'a command that names nothing recorded') : effects;
}
