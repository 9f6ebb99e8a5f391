/** A message as Markdown whose every word from outside stands in code, where nothing is a link, a mention or markup: title and text. */
import { cut, type Message, neutraliseLine } from 'drifttrail';
import { fitting, plainLines } from './text.ts';

/** The at sign that looks alike and mentions nobody, for those who look for mentions in code too. */
const AT = '＠';

/** At most so many UTF-16 units. `mentions`: which at signs mean somebody to the receiver. */
export function fenced(message: Message, most: number, mentions: RegExp): string {
  const harmless = (text: string) => text.replaceAll('`', "'").replaceAll(mentions, AT);
  // Names may stand in the title, too: alice must not be called by it, and what somebody called a thing must not be a link.
  const title = harmless(cut(neutraliseLine(message.title), 200)) || '-';
  const form = (part: Message, lines: number) => `**\`${title}\`**\n\`\`\`\n${harmless(plainLines(part, lines).join('\n'))}\n\`\`\``;
  return fitting(message, form, (text) => text.length <= most);
}
