/** A title in an outlet's own words: names in double braces, replaced by what they stand for, and nothing else. */
import type { Message } from '../model.ts';
import { cut, neutraliseLine } from './escape.ts';

const LONGEST = 300;

const VALUES: Readonly<Record<string, (message: Message) => string>> = {
  title: ({ title }) => title,
  kind: ({ kind }) => kind,
  level: ({ findings }) => findings[0]?.level ?? '',
  count: ({ findings, more }) => String(findings.length + more),
  actor: ({ findings }) => findings[0]?.attribution.actor?.name ?? 'nobody known',
  scope: ({ findings: [finding] }) => (finding?.change ?? finding?.transient)?.ref.scope ?? finding?.coverage?.gap.scope ?? '',
  resource: ({ findings: [finding] }) => (finding?.change ?? finding?.transient)?.ref.id ?? finding?.coverage?.gap.kind ?? '',
  commit: ({ commit }) => commit?.slice(0, 12) ?? '',
  subject: ({ subject }) => subject,
};

export const TEMPLATE_NAMES = Object.keys(VALUES);

/** The first name in braces that stands for nothing. */
export function unknownName(template: string): string | undefined {
  return [...template.matchAll(NAME)].map(([, name = '']) => name).find((name) => !Object.hasOwn(VALUES, name));
}

/** `level`, `actor`, `scope` and `resource` are those of the worst finding. What they stand for is not looked at again. */
export function withTitle(message: Message, template: string | undefined): Message {
  if (template === undefined) return message;
  const title = template.replaceAll(NAME, (_, name: string) => VALUES[name]?.(message) ?? '');
  return { ...message, title: cut(neutraliseLine(title), LONGEST) || message.title };
}

const NAME = /\{\{\s*([^{}]*?)\s*\}\}/g;
