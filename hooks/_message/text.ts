/** A whole message in words: what chats and mail share before each brings it into its own form. */
import { cut, type Finding, type Level, type Message, neutraliseLine } from 'drifttrail';
import { describe } from './describe.ts';

/** Characters of a subject that no chat shows more of. */
const SUBJECT = 500;

/** What the message is about, besides its title; empty when that says it all. */
export function subjectLine(message: Message): string {
  const subject = cut(neutraliseLine(message.subject), SUBJECT);
  return subject === message.title ? '' : subject;
}

/** `3 more · 0123456789ab · drifttrail show 0123456789ab` */
export function footer(message: Message): string {
  const more = message.more > 0 ? `${message.more} more · ` : '';
  const commit = message.commit === null ? '' : `${message.commit.slice(0, 12)} · `;
  return `${more}${commit}${cut(neutraliseLine(message.link), 300)}`;
}

/** The finding in at most so many lines besides its headline and its actor. */
export function findingLines(finding: Finding, lines: number): string[] {
  const { headline, who, lines: rest } = describe(finding);
  return [headline, who, ...rest.slice(0, lines)];
}

/** Of a digest, one line each: `2 critical, 5 high` and `alice 4, nobody known 3`. */
export function totalsLines({ totals }: Message): string[] {
  if (totals === undefined) return [];
  const levels = LEVELS.filter((level) => totals.levels[level] > 0).map((level) => `${totals.levels[level]} ${level}`);
  const actors = totals.actors.map(({ name, count }) => `${name === '' ? 'nobody known' : cut(neutraliseLine(name), 60)} ${count}`);
  return [levels.join(', '), actors.join(', ')].filter((line) => line !== '');
}

const LEVELS: readonly Level[] = ['critical', 'high', 'medium', 'low', 'info'];

/** Everything as lines of plain text, an empty line before each finding. */
export function plainLines(message: Message, lines: number): string[] {
  return [
    subjectLine(message),
    ...totalsLines(message),
    ...message.findings.flatMap((finding) => ['', ...findingLines(finding, lines)]),
    '',
    footer(message),
  ].filter((line, index) => index > 0 || line !== '');
}

/** The worst level of what it tells; undefined when it tells of no finding. */
export function worstLevel({ findings }: Message): Level | undefined {
  return LEVELS.find((level) => findings.some((finding) => finding.level === level));
}

/**
 * The fullest form that fits: first fewer lines of each finding, then fewer findings, which are counted among the rest.
 * `build` must make something that fits of a message without findings.
 */
export function fitting<Form>(message: Message, build: (message: Message, lines: number) => Form, fits: (form: Form) => boolean): Form {
  for (const lines of [12, 6, 3, 0]) {
    const form = build(message, lines);
    if (fits(form)) return form;
  }
  for (let count = message.findings.length - 1; count > 0; count--) {
    const form = build(withFirst(message, count), 0);
    if (fits(form)) return form;
  }
  return build(withFirst(message, 0), 0);
}

export function withFirst(message: Message, count: number): Message {
  return { ...message, findings: message.findings.slice(0, count), more: message.more + message.findings.length - count };
}
