/**
 * A message as Discord embeds: title 256, description 4,096, 10 embeds, 6,000 characters over all. Nobody is ever mentioned
 * (`allowed_mentions`), and what Markdown would read as its own is escaped.
 */
import { cut, type Level, type Message, neutraliseLine } from 'drifttrail';
import { escapedTo } from '../_message/escaped.ts';
import { findingLines, fitting, footer, subjectLine, totalsLines, worstLevel } from '../_message/text.ts';

export interface Embed {
  readonly title: string;
  readonly description: string;
  readonly color: number;
  readonly footer?: { readonly text: string };
}
export interface DiscordMessage {
  readonly embeds: readonly Embed[];
  readonly allowed_mentions: { readonly parse: readonly never[] };
}

const EMBEDS = 10;
const TITLE = 256;
const DESCRIPTION = 4096;
const FOOTER = 2048;
const ALL = 6000;
const COLOURS: Readonly<Record<Level, number>> = { critical: 0xb00020, high: 0xd9480f, medium: 0xe0a100, low: 0x3b82f6, info: 0x868e96 };
const GOOD = 0x2f9e44;

export function encode(message: Message): DiscordMessage {
  const embeds = fitting(message, embedsOf, (form) => form.length <= EMBEDS && form.reduce((sum, embed) => sum + sizeOf(embed), 0) <= ALL);
  return { embeds, allowed_mentions: { parse: [] } };
}

export function sizeOf({ title, description, footer: foot }: Embed): number {
  return title.length + description.length + (foot?.text.length ?? 0);
}

function embedsOf(message: Message, lines: number): Embed[] {
  const good = message.kind === 'resolve';
  const colourOf = (level: Level | undefined) => (good ? GOOD : COLOURS[level ?? 'info']);
  const head: Embed = {
    title: escaped(cut(neutraliseLine(message.title), 120), TITLE),
    description: escaped([subjectLine(message), ...totalsLines(message)].filter((line) => line !== '').join('\n'), 2000),
    color: colourOf(worstLevel(message)),
    footer: { text: cut(footer(message), FOOTER) },
  };
  const rest = message.findings.map((finding): Embed => {
    const [headline = '', ...others] = findingLines(finding, lines);
    return { title: escaped(headline, TITLE), description: escaped(others.join('\n'), DESCRIPTION), color: colourOf(finding.level) };
  });
  return [head, ...rest];
}

/** A colon would make links and emoji. */
function escaped(text: string, most: number): string {
  return escapedTo(text, most, (part) => part.replaceAll(/[\\*_~`|>#[\]()<@:-]/g, (character) => `\\${character}`), 1);
}
