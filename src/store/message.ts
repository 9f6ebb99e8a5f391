/** The commit message: a subject for people, one line a change, trailers for machines that no name can forge. */
import type { Change, Edit, Gap, Kind } from '../model.ts';
import { segmentsOf } from '../pointer.ts';
import { lastWord } from './layout.ts';

export interface MessageInput {
  readonly changes: readonly Change[];
  /** The run's id. */
  readonly run: string;
  readonly window: { readonly from: string; readonly to: string };
  readonly gaps: readonly Gap[];
  /** What people call the kinds; else the last word of a kind's name. */
  readonly kinds?: Readonly<Record<string, Pick<Kind, 'title' | 'plural' | 'collection'>>>;
}

const MAX_LINES = 50;
const MAX_SUBJECT_KINDS = 4;
const VERBS = { created: 'added', modified: 'changed', deleted: 'removed' } as const;

/** `aws 123456789012: 2 route tables, 1 security group changed`, the first 50 changes, then the trailers. */
export function commitMessage(input: MessageInput): string {
  const { changes, run, window, gaps } = input;
  const lines = changes.slice(0, MAX_LINES).map((change) => `- ${lineOf(change, input.kinds)}`);
  if (changes.length > MAX_LINES) lines.push(`- and ${changes.length - MAX_LINES} more`);
  const trailers = [
    `Drifttrail-Run: ${plain(run)}`,
    `Drifttrail-Window: ${plain(window.from)}/${plain(window.to)}`,
    `Drifttrail-Gaps: ${gaps.length}`,
  ];
  return [subjectOf(input), lines.join('\n'), trailers.join('\n')]
    .filter((part) => part !== '')
    .join('\n\n')
    .concat('\n');
}

function subjectOf({ changes, gaps, kinds }: MessageInput): string {
  const place = commonPlace([...changes.map(({ ref }) => ref.scope), ...(changes.length === 0 ? gaps.map(({ scope }) => scope) : [])]);
  const start = place === '' ? '' : `${place}: `;
  if (changes.length === 0) return `${start}coverage changed`;
  const counts = new Map<string, number>();
  for (const { ref } of changes) counts.set(ref.kind, (counts.get(ref.kind) ?? 0) + 1);
  const ordered = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  const parts = ordered.slice(0, MAX_SUBJECT_KINDS).map(([kind, count]) => countOf(kind, count, kinds));
  const others = ordered.slice(MAX_SUBJECT_KINDS).reduce((sum, [, count]) => sum + count, 0);
  if (others > 0) parts.push(`${others} more`);
  const [type] = new Set(changes.map((change) => change.type));
  const verb = type !== undefined && changes.every((change) => change.type === type) ? VERBS[type] : VERBS.modified;
  return `${start}${parts.join(', ')} ${verb}`;
}

/** A collection is one file of many members: `packages`, not `1 package`. */
function countOf(kind: string, count: number, kinds: MessageInput['kinds']): string {
  if (kinds?.[kind]?.collection === true && count === 1) return pluralOf(kind, kinds);
  return `${count} ${count === 1 ? titleOf(kind, kinds) : pluralOf(kind, kinds)}`;
}

/** What all scopes begin with, two words at most: `aws 123456789012`, `hosts web01`, `aws`. */
function commonPlace(scopes: readonly string[]): string {
  const [first = '', ...others] = new Set(scopes);
  const words = first.split('/').slice(0, 2);
  while (words.length > 0 && !others.every((scope) => `${scope}/`.startsWith(`${words.join('/')}/`))) words.pop();
  return words.map(plain).join(' ');
}

function lineOf({ type, ref, name, edits }: Change, kinds: MessageInput['kinds']): string {
  const called = name === undefined || name === ref.id ? '' : ` (${plain(name)})`;
  const paths = type === 'modified' ? edits.slice(0, 3).map(editOf) : [];
  const more = type === 'modified' && edits.length > 3 ? ` and ${edits.length - 3} more` : '';
  const what = kinds?.[ref.kind]?.collection === true ? pluralOf(ref.kind, kinds) : `${titleOf(ref.kind, kinds)} ${plain(ref.id)}${called}`;
  return `${type} ${what} in ${plain(ref.scope)}${paths.length === 0 ? '' : `: ${paths.join(', ')}${more}`}`;
}

/** `routes 0.0.0.0/0 removed` */
function editOf({ path, before, after }: Edit): string {
  const happened = after === null ? ' removed' : before === null ? ' added' : '';
  return `${plain(segmentsOf(path).join(' '))}${happened}`;
}

function titleOf(kind: string, kinds: MessageInput['kinds']): string {
  return plain(kinds?.[kind]?.title ?? lastWord(kind).replaceAll('-', ' '));
}

function pluralOf(kind: string, kinds: MessageInput['kinds']): string {
  const title = titleOf(kind, kinds);
  return plain(
    kinds?.[kind]?.plural ??
      (/(?:[^aeiou])y$/.test(title) ? `${title.slice(0, -1)}ies` : /(?:s|x|ch|sh)$/.test(title) ? `${title}es` : `${title}s`),
  );
}

/** One line of visible text: controls, direction marks, line separators and lone surrogates are spelt out. */
function plain(text: string): string {
  const visible = text.replaceAll(
    /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
  return visible.length > 200 ? `${[...visible].slice(0, 199).join('')}…` : visible;
}
