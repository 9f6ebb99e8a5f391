/**
 * A message as one mail, or as several when it would be larger than relays like. Subject and addresses hold no line breaks
 * (the text is neutralised), and every mail says that a machine wrote it (RFC 3834), so that nobody's absence notice answers.
 */
import { createHash } from 'node:crypto';
import { cut, type Finding, type Message, neutraliseLine } from 'drifttrail';
import { describe } from '../_message/describe.ts';
import { escapeHtml } from '../_message/html.ts';
import { footer, subjectLine, totalsLines } from '../_message/text.ts';

export interface Mail {
  readonly subject: string;
  readonly messageId: string;
  readonly inReplyTo?: string;
  readonly references?: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  readonly html: string;
}

/** Characters of text in one mail: with HTML and encoding less than 1 MB. */
const MOST_TEXT = 60_000;
const MOST_FINDING = 20_000;
/** RFC 5322 allows 998 octets a line; clients show far less. */
const SUBJECT = 180;
const UNDO = 5;

/** `domain` is that of the sender: identifiers of mails end in it. */
export function encode(message: Message, prefix: string, domain: string): Mail[] {
  const groups = inGroups(message.findings.map(sectionOf));
  return groups.map((sections, index) => {
    const part = groups.length === 1 ? '' : ` (${index + 1}/${groups.length})`;
    const head = [neutraliseLine(message.title), subjectLine(message), ...totalsLines(message)].filter((line) => line !== '');
    const foot = index === groups.length - 1 ? footer(message) : `continued in the next of ${groups.length} mails`;
    const threads = threadsOf(message.findings, domain);
    return {
      subject: `${cut(neutraliseLine(`${prefix} ${message.title}: ${subjectLine(message)}`.trim()), SUBJECT)}${part}`,
      messageId: `<${message.id}${index === 0 ? '' : `.${index + 1}`}@${domain}>`,
      ...(threads[0] === undefined ? {} : { inReplyTo: threads[0], references: threads }),
      headers: {
        'Auto-Submitted': 'auto-generated',
        Precedence: 'bulk',
        'X-Auto-Response-Suppress': 'All',
        'X-Drifttrail-Message': message.id,
        'X-Drifttrail-Kind': message.kind,
      },
      text: `${[...head, ...sections.flatMap(({ lines }) => ['', ...lines]), '', foot].join('\n')}\n`,
      html: page(head, sections, foot),
    };
  });
}

interface Section {
  readonly level: string;
  readonly lines: readonly string[];
}

/** In full, as a mail has room: the commands that put it back too. */
function sectionOf(finding: Finding): Section {
  const { headline, who, lines } = describe(finding);
  const undo = finding.undone === undefined ? (finding.undo ?? []).slice(0, UNDO).map((command) => cut(neutraliseLine(command), 1000)) : [];
  const all = [headline, who, ...lines, ...(undo.length === 0 ? [] : ['to put it back:', ...undo]), `drifttrail show ${finding.id}`];
  let room = MOST_FINDING;
  const kept = all.flatMap((line) => {
    const text = cut(line, Math.max(0, room));
    room -= text.length + 1;
    return text === '' ? [] : [text];
  });
  return { level: finding.level, lines: kept };
}

/** As many sections in each as fit; at least one group, even if there is nothing to tell. */
function inGroups(sections: readonly Section[]): Section[][] {
  const groups: Section[][] = [[]];
  let size = 0;
  for (const section of sections) {
    const length = section.lines.reduce((sum, line) => sum + line.length + 1, 0);
    if (size > 0 && size + length > MOST_TEXT) {
      groups.push([]);
      size = 0;
    }
    groups.at(-1)?.push(section);
    size += length;
  }
  return groups;
}

/** All mails about a resource refer to one mail that never was, so that clients show them as one thread. */
function threadsOf(findings: readonly Finding[], domain: string): string[] {
  const stories = findings.slice(0, 5).flatMap(({ change, transient, coverage }) => {
    const thing = change ?? transient;
    if (thing !== undefined) return [JSON.stringify([thing.ref.scope, thing.ref.kind, thing.ref.id])];
    return coverage === undefined ? [] : [JSON.stringify([coverage.gap.scope, coverage.gap.kind ?? ''])];
  });
  return [...new Set(stories)].map((story) => `<r-${createHash('sha256').update(story).digest('hex').slice(0, 20)}@${domain}>`);
}

const COLOURS: Readonly<Record<string, string>> = { critical: '#b00020', high: '#c4410c', medium: '#8a6100', low: '#3b5b7a', info: '#555' };

function page(head: readonly string[], sections: readonly Section[], foot: string): string {
  const [title = '', ...rest] = head.map(escapeHtml);
  const parts = sections.map(({ level, lines }) => {
    const [headline = '', ...others] = lines.map(escapeHtml);
    const colour = COLOURS[level] ?? '#555';
    return `<div style="margin:16px 0;padding-left:10px;border-left:4px solid ${colour}"><b style="color:${colour}">${headline}</b><br><span style="font-family:monospace">${others.join('<br>')}</span></div>`;
  });
  return `<!doctype html><html><body style="font-family:sans-serif;font-size:14px"><h2 style="font-size:17px">${title}</h2><p>${rest.join('<br>')}</p>${parts.join('')}<p style="color:#555">${escapeHtml(foot)}</p></body></html>`;
}
