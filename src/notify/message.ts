/** Makes the one message that an outlet gets for a commit. */
import { createHash } from 'node:crypto';
import type { Finding, Level, Message } from '../model.ts';
import { neutraliseLine } from './escape.ts';

const LEVELS: readonly Level[] = ['info', 'low', 'medium', 'high', 'critical'];
const SHOWN = 5;

export interface MessageInput {
  readonly commit: string | null;
  readonly subject: string;
  readonly findings: readonly Finding[];
  readonly kind: Message['kind'];
  readonly link: string;
  /** The least level that the outlet wants; default all. */
  readonly from?: Level;
}

export function atLeast(level: Level, from: Level): boolean {
  return LEVELS.indexOf(level) >= LEVELS.indexOf(from);
}

/** Undefined when nothing reaches the outlet's level. The id depends on the commit, the kind and the findings alone. */
export function composeMessage(input: MessageInput): Message | undefined {
  const { from = 'info' } = input;
  const wanted = input.findings.filter((finding) => atLeast(finding.level, from)).sort(byThreat);
  const [worst] = wanted;
  if (worst === undefined) return undefined;
  return {
    id: messageId(input.commit, input.kind, wanted),
    title: titleOf(input.kind, worst, wanted.length),
    commit: input.commit,
    subject: neutraliseLine(input.subject),
    findings: wanted.slice(0, SHOWN),
    more: Math.max(0, wanted.length - SHOWN),
    kind: input.kind,
    link: input.link,
  };
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

function messageId(commit: string | null, kind: Message['kind'], findings: readonly Finding[], extra = ''): string {
  const ids = findings.map((finding) => finding.id).sort();
  const digest = createHash('sha256')
    .update(JSON.stringify([commit, kind, ids, extra]))
    .digest('hex');
  return `m-${digest.slice(0, 16)}`;
}

function titleOf(kind: Message['kind'], worst: Finding, count: number): string {
  const noun = kind === 'coverage' ? 'coverage change' : 'change';
  const counted = `${count} ${noun}${count === 1 ? '' : 's'}`;
  return kind === 'follow-up' ? `Now attributed: ${counted}, worst ${worst.level}` : `${worst.level.toUpperCase()}: ${counted}`;
}
