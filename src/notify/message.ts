/** Makes the one message that an outlet gets for a commit. */
import { createHash } from 'node:crypto';
import type { Finding, Level, Message, Totals } from '../model.ts';
import { cut, neutraliseLine } from './escape.ts';

const LEVELS: readonly Level[] = ['info', 'low', 'medium', 'high', 'critical'];
const SHOWN = 5;
/** A digest is read at leisure. */
const SHOWN_IN_DIGEST = 20;
const MOST_ACTORS = 10;

export interface MessageInput {
  readonly commit: string | null;
  readonly subject: string;
  readonly findings: readonly Finding[];
  readonly kind: Message['kind'];
  readonly link: string;
  /** What the id is made of when it must not depend on what is left of the findings by now. */
  readonly ids?: readonly string[];
  /** The least level that the outlet wants; default all. */
  readonly from?: Level;
  /** Every finding, however many: for `inParts`. */
  readonly all?: boolean;
}

export function atLeast(level: Level, from: Level): boolean {
  return LEVELS.indexOf(level) >= LEVELS.indexOf(from);
}

/** Undefined when nothing reaches the outlet's level. The id depends on the commit, the kind and the findings alone. */
export function composeMessage(input: MessageInput): Message | undefined {
  const { from = 'info', kind, all = false } = input;
  const wanted = input.findings.filter((finding) => atLeast(finding.level, from)).sort(byThreat);
  const [worst] = wanted;
  if (worst === undefined) return undefined;
  const shown = all ? wanted.length : kind === 'digest' ? SHOWN_IN_DIGEST : SHOWN;
  return {
    id: messageId(input.commit, kind, input.ids ?? wanted.map(({ id }) => id)),
    title: titleOf(kind, worst, wanted.length),
    commit: input.commit,
    subject: neutraliseLine(input.subject),
    findings: wanted.slice(0, shown),
    more: Math.max(0, wanted.length - shown),
    kind,
    link: input.link,
    ...(kind === 'digest' ? { totals: totalsOf(wanted) } : {}),
  };
}

export interface AnswerInput {
  readonly alert: { readonly source: string; readonly title: string; readonly at: string; readonly incident?: string };
  /** How far back was looked: UTC ISO 8601. */
  readonly from: string;
  /** The most suspicious first. */
  readonly findings: readonly Finding[];
  readonly link: string;
}

/** What changed before an alert; the same alert that is told again has the same id. */
export function composeAnswer({ alert, from, findings, link }: AnswerInput): Message {
  const title = cut(neutraliseLine(alert.title), 120);
  const minute = (time: string) => `${time.slice(0, 16).replace('T', ' ')} UTC`;
  const found = findings.length === 0 ? 'Nothing is known to have changed' : 'What changed, most suspicious first,';
  return {
    id: messageId(null, 'answer', [], `${alert.source} ${alert.incident ?? alert.title} ${alert.at}`),
    title: `Before “${title}”`,
    commit: null,
    subject: `${found} between ${minute(from)} and ${minute(alert.at)}`,
    findings: findings.slice(0, SHOWN),
    more: Math.max(0, findings.length - SHOWN),
    kind: 'answer',
    link,
    ...(alert.incident === undefined ? {} : { incident: alert.incident }),
  };
}

function totalsOf(findings: readonly Finding[]): Totals {
  const levels: Record<Level, number> = { critical: 0, high: 0, medium: 0, low: 0, info: 0 };
  const actors = new Map<string, number>();
  for (const { level, attribution } of findings) {
    levels[level]++;
    const name = attribution.actor?.name ?? '';
    actors.set(name, (actors.get(name) ?? 0) + 1);
  }
  const ordered = [...actors].map(([name, count]) => ({ name, count })).sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1));
  return { levels, actors: ordered.slice(0, MOST_ACTORS) };
}

/** The message that `hooks test` sends: no finding, so that no one looks for a change. */
export function testMessage(now: string): Message {
  return {
    id: messageId(null, 'test', [], now),
    title: 'drifttrail test message',
    commit: null,
    subject: 'This outlet works. Nothing has changed.',
    findings: [],
    more: 0,
    kind: 'test',
    link: 'drifttrail report',
  };
}

function byThreat(a: Finding, b: Finding): number {
  return LEVELS.indexOf(b.level) - LEVELS.indexOf(a.level) || b.score - a.score || (a.id < b.id ? -1 : 1);
}

function messageId(commit: string | null, kind: Message['kind'], findings: readonly string[], extra = ''): string {
  const ids = [...findings].sort();
  const digest = createHash('sha256')
    .update(JSON.stringify([commit, kind, ids, extra]))
    .digest('hex');
  return `m-${digest.slice(0, 16)}`;
}

function titleOf(kind: Message['kind'], worst: Finding, count: number): string {
  const noun = kind === 'coverage' ? 'coverage change' : 'change';
  const counted = `${count} ${noun}${count === 1 ? '' : 's'}`;
  if (kind === 'follow-up') return `Now attributed: ${counted}, worst ${worst.level}`;
  if (kind === 'resolve') return `Put back: ${counted}, worst ${worst.level}`;
  return kind === 'digest' ? `Digest: ${counted}, worst ${worst.level}` : `${worst.level.toUpperCase()}: ${counted}`;
}
