/** The note beside a commit that `git log -p` shows: who and how much it matters, before the diff. */
import type { Finding } from '../model.ts';
import { clean } from './clean.ts';
import { compareFindings } from './order.ts';
import { actText, resourceText, whenText, whoText } from './words.ts';

/** Unwrapped lines, as git's own log has them; the same findings give the same bytes. */
export function renderNote(findings: readonly Finding[], titles?: Readonly<Record<string, string>>): string {
  return [...findings]
    .sort(compareFindings)
    .map((finding) => {
      const who = whoText(finding);
      const events = [...new Set(finding.attribution.events.map(({ name }) => name))].join(', ');
      return [
        `[${finding.level} ${finding.score}] ${resourceText(finding, titles)}: ${actText(finding)}`,
        ...(who === '' ? [] : [`  by ${who}, ${whenText(finding)}${events === '' ? '' : ` (${clean(events)})`}`]),
        ...finding.reasons.map((reason) => `  ${clean(reason)}`),
        ...(finding.undo ?? []).map((command) => `  undo: ${clean(command)}`),
        `  ${finding.id}`,
        '',
      ].join('\n');
    })
    .join('\n');
}
