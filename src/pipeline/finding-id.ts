/** The ids of findings: the same for the same thing, in whatever run it is judged. */
import { createHash } from 'node:crypto';

/** `f-` and 12 hex digits. */
export function findingId(parts: readonly string[]): string {
  return `f-${createHash('sha256').update(parts.join('\0')).digest('hex').slice(0, 12)}`;
}
