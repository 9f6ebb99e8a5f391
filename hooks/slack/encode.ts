/**
 * A message as Slack blocks. Slack's published limits: header 150, section text 3,000, 50 blocks; the sum of all text
 * is kept under 9,000 and the blocks under 40, because larger messages were seen to be refused or cut.
 * Everything that comes from outside stands in plain_text, where neither mentions nor markdown work.
 */
import { cut, type Finding, type Message, neutraliseLine } from 'drifttrail';
import { describe } from '../_message/describe.ts';

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

export function encode(message: Message): SlackMessage {
  const title = neutraliseLine(message.title);
  const blocks: SlackBlock[] = [
    { type: 'header', text: plain(title, HEADER) },
    { type: 'section', text: plain(neutraliseLine(message.subject) || title, 500) },
    ...message.findings.map((finding): SlackBlock => ({ type: 'section', text: plain(findingText(finding), SECTION) })),
    { type: 'context', elements: [plain(footer(message), 500)] },
  ];
  return { text: escaped(`${title}: ${neutraliseLine(message.subject)}`.replaceAll(/[*_~`]/g, "'"), FALLBACK), blocks };
}

function findingText(finding: Finding): string {
  const { headline, who, lines } = describe(finding);
  return [headline, who, ...lines].join('\n');
}

function footer(message: Message): string {
  const more = message.more > 0 ? `${message.more} more · ` : '';
  const commit = message.commit === null ? '' : `${message.commit.slice(0, 12)} · `;
  return `${more}${commit}${neutraliseLine(message.link)}`;
}

function plain(text: string, most: number): SlackText {
  return { type: 'plain_text', text: escaped(text, most) || '-', emoji: false };
}

/** Slack wants exactly these three escaped; cut first, so that no entity is cut in two. */
function escaped(text: string, most: number): string {
  const entities = (part: string) => part.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  let room = most;
  let result = entities(cut(text, room));
  while (result.length > most) {
    room -= Math.max(1, Math.ceil((result.length - most) / 5));
    result = entities(cut(text, room));
  }
  return result;
}
