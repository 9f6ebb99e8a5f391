/** Commands run through sudo or in its stead: what they name they may have changed, which is no proof. */
import type { Effect, EventRule } from 'drifttrail';
import { type Act, fact, member, nothing, ruleFor, scopeOf, text } from './act.ts';
import { relative } from './paths.ts';

export const commandRules: readonly EventRule[] = ['sudo', 'su'].map((name) => ruleFor('linux-sudo', name, commandEffects));

/** A place that no document has: the act is listed beside a change of the resource, and explains no edit. */
const NAMED = '/named by a command';

function commandEffects(act: Act): Effect[] {
  const { request } = act;
  const command = text(request, 'command') ?? '';
  const words = command.split(/\s+/);
  const paths = namedIn(command, text(request, 'cwd') ?? '/', text(request, 'root') ?? '/');
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
  return effects.length === 0 ? nothing(act, 'a command that names nothing recorded', 'host.command', words[0] ?? '') : effects;
}

const MAX_NAMED = 50;

/**
 * What could be files among the words of a command line, after the program itself: relative to the host's root, without a
 * leading slash. Worked out from the stored, redacted text, so that no word of it is kept a second time.
 */
export function namedIn(command: string, cwd: string, root: string): string[] {
  const words = command.split(/[\s'"<>|;&=]+/).slice(1);
  const paths = words.flatMap((word) => (word === '' || word.startsWith('-') ? [] : (relative(word, cwd, root) ?? [])));
  return [...new Set(paths)].filter((path) => path.includes('/')).slice(0, MAX_NAMED);
}
