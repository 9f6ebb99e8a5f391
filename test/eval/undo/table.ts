/** Verdicts as a table: what of every kind is restored, told honestly, or not to be verified at the endpoint, and why. */
import type { Status, Verdict } from './play.ts';

const TYPES = ['created', 'deleted', 'modified'] as const;
const SHORT: readonly (readonly [Status, string])[] = [
  ['restored', 'restored'],
  ['told', 'told'],
  ['unverifiable', 'unverifiable'],
  ['wrong', 'WRONG'],
];

/** Markdown, so that it can stand in a document as it is. */
export function renderVerdicts(verdicts: readonly Verdict[]): string {
  const kinds = [...new Set(verdicts.map(({ trial }) => trial.kind))].sort();
  const rows = kinds.map((kind) => {
    const cells = TYPES.map((type) => cell(verdicts.filter(({ trial }) => trial.kind === kind && trial.type === type)));
    return `| \`${kind}\` | ${cells.join(' | ')} |`;
  });
  const reasons = (status: Status) =>
    verdicts
      .filter((one) => one.status === status)
      .map(({ trial, because }) => `- \`${trial.kind}\` ${trial.type}, ${trial.what}: ${because}`);
  const sections = (['told', 'unverifiable', 'wrong'] as const).flatMap((status) => {
    const found = reasons(status);
    return found.length === 0 ? [] : ['', `${status}:`, ...found];
  });
  const total = SHORT.map(([status, word]) => `${count(verdicts, status)} ${word}`).join(', ');
  return [
    `| kind | ${TYPES.join(' | ')} |`,
    '| --- | --- | --- | --- |',
    ...rows,
    ...sections,
    '',
    `${verdicts.length} changes: ${total}`,
    '',
  ].join('\n');
}

function cell(verdicts: readonly Verdict[]): string {
  if (verdicts.length === 0) return '–';
  return SHORT.flatMap(([status, word]) => {
    const many = count(verdicts, status);
    return many === 0 ? [] : [many === verdicts.length && many === 1 ? word : `${many} ${word}`];
  }).join(', ');
}

function count(verdicts: readonly Verdict[], status: Status): number {
  return verdicts.filter((one) => one.status === status).length;
}
