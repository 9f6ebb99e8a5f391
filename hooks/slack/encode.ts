/**
 * A message as Slack blocks. Slack's published limits: header 150, section text 3,000, 50 blocks; the sum of all text
 * is kept under 9,000 and the blocks under 40, because larger messages were seen to be refused or cut.
 * Everything that comes from outside stands in plain_text, where neither mentions nor markdown work.
 */
import { type Message, neutraliseLine } from 'drifttrail';
import { escapedTo } from '../_message/escaped.ts';
import { findingLines, fitting, footer, subjectLine, totalsLines } from '../_message/text.ts';

export interface SlackText {
  readonly type: 'plain_text';
  readonly text: string;
  readonly emoji: false;
}
export type SlackBlock =
  | { readonly type: 'header' | 'section'; readonly text: SlackText }
  | { readonly type: 'context'; readonly elements: readonly SlackText[] }
  | { readonly type: 'divider' };
export interface SlackMessage {
  /** For notifications and clients without blocks; Slack reads it as mrkdwn. */
  readonly text: string;
  readonly blocks: readonly SlackBlock[];
}

const HEADER = 150;
const SECTION = 1200;
const FALLBACK = 1000;
const BLOCKS = 40;
const ALL = 9000;

export function encode(message: Message): SlackMessage {
  return fitting(
    message,
    build,
    ({ text, blocks }) => blocks.length <= BLOCKS && blocks.reduce((sum, block) => sum + sizeOf(block), text.length) <= ALL,
  );
}

function build(message: Message, lines: number): SlackMessage {
  const title = neutraliseLine(message.title);
  const lead = [subjectLine(message) || title, ...totalsLines(message)].join('\n');
  const blocks: SlackBlock[] = [
    { type: 'header', text: plain(title, HEADER) },
    { type: 'section', text: plain(lead, 1000) },
    ...message.findings.map((finding): SlackBlock => ({ type: 'section', text: plain(findingLines(finding, lines).join('\n'), SECTION) })),
    { type: 'context', elements: [plain(footer(message), 500)] },
  ];
  return { text: escaped(`${title}: ${neutraliseLine(message.subject)}`.replaceAll(/[*_~`]/g, "'"), FALLBACK), blocks };
}

function sizeOf(block: SlackBlock): number {
  if (block.type === 'divider') return 0;
  return block.type === 'context' ? block.elements.reduce((sum, { text }) => sum + text.length, 0) : block.text.text.length;
}

function plain(text: string, most: number): SlackText {
  return { type: 'plain_text', text: escaped(text, most) || '-', emoji: false };
}

/** Slack wants exactly these three escaped. */
function escaped(text: string, most: number): string {
  return escapedTo(text, most, (part) => part.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;'), 4);
}
