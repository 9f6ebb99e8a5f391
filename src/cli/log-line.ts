/** One commit in one line of `drifttrail log`. */
import type { Finding, Level } from '../model.ts';
import { type Entry, whoDidIt } from '../questions/findings.ts';
import { clean, cut } from '../report/clean.ts';
import { REPORT_LEVELS } from '../report/order.ts';
import { widthOf } from '../report/width.ts';

/** Of a line that is too long for the screen the subject is cut first: who it was says more. */
export function lineOf({ commit, findings }: Entry, width: number | undefined): string {
  const level = highest(findings);
  const head = `${commit.date.slice(0, 16)}Z  ${commit.sha.slice(0, 10)}  ${(level ?? '').padEnd(8)}`;
  const [subject, actors] = [clean(commit.subject), actorsOf(findings)];
  const joined = (parts: readonly string[]) => parts.filter((part) => part !== '').join('  ');
  if (width === undefined) return joined([head, subject, actors]);
  const room = width - head.length - 2;
  const who = cut(actors, Math.max(room - widthOf(subject) - 2, Math.floor(room / 2)));
  return cut(joined([head, cut(subject, Math.max(room - (who === '' ? 0 : widthOf(who) + 2), 8)), who]), width);
}

function actorsOf(findings: Entry['findings']): string {
  const told = findings.filter(({ attribution }) => attribution.status !== 'not-applicable');
  const names = [...new Set(told.map(whoDidIt))];
  return names.length === 0 ? '' : `by ${names.slice(0, 3).join(', ')}${names.length > 3 ? ` and ${names.length - 3} more` : ''}`;
}

export function highest(findings: readonly Finding[]): Level | undefined {
  return REPORT_LEVELS.find((level) => findings.some((finding) => finding.level === level));
}
