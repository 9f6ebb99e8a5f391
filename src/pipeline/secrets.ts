/** The secrets among a plug-in's options, to keep them out of whatever it says. */
import { isObject } from '../pointer.ts';
import type { Json } from '../model.ts';
import type { Redactor } from '../normalize/redact.ts';

/** Shorter words stand in ordinary text too. */
const SHORTEST = 6;

/** Takes secrets out of what a plug-in says: those that it was given, and whatever looks like one. */
export function guardOf(options: unknown, redactor: Redactor): (text: string) => string {
  const secrets = secretsOf(options, redactor);
  return (text) => redactor.message(secrets.reduce((left, secret) => left.replaceAll(secret, '…'), text));
}

/** The longest first, so that a secret within another does not leave the other's ends behind. */
function secretsOf(options: unknown, redactor: Redactor): string[] {
  const found = new Set<string>();
  const walk = (before: unknown, after: unknown): void => {
    if (typeof before === 'string') {
      if (before !== after && before.length >= SHORTEST) found.add(before);
    } else if (Array.isArray(before)) {
      for (const [index, item] of before.entries()) walk(item, Array.isArray(after) ? after[index] : undefined);
    } else if (isObject(before)) {
      for (const [key, item] of Object.entries(before)) walk(item, isObject(after) ? after[key] : undefined);
    }
  };
  walk(options, redactor.json(options as Json, []));
  return [...found].sort((a, b) => b.length - a.length);
}
