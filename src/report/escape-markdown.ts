/** Makes text that came from the outside literal in Markdown, and in the chats that speak it. */
import { clean } from './clean.ts';

/** Every character that Markdown, HTML or a chat's mentions give a meaning, made literal. */
export function escapeMarkdown(text: string): string {
  return clean(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll(/[\\`*_{}[\]()#+!|~$^=-]/g, '\\$&')
    .replaceAll('@', '@\u2060')
    .replaceAll('://', ':\u2060//')
    .replaceAll(/\bwww\./gi, (match) => `${match.slice(0, 3)}\u2060.`);
}

/** A code span longer than any run of backticks inside. */
export function codeSpan(text: string): string {
  const safe = clean(text);
  const longest = Math.max(0, ...(safe.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  const pad = safe.startsWith('`') || safe.endsWith('`') || safe === '' ? ' ' : '';
  return `${fence}${pad}${safe}${pad}${fence}`;
}
