/** The report as CSV (RFC 4180), a row an edit, for auditors and spreadsheets. */
import type { Edit, Finding, Json } from '../model.ts';
import { clean } from './clean.ts';
import type { ReportData } from './contract.ts';
import { compareFindings, timeOf } from './order.ts';
import { effectEdit, refOf } from './words.ts';

type Column = (finding: Finding, edit: Edit | undefined) => string;

/** Times are UTC, ISO 8601; `before` and `after` are JSON, empty where there was or is nothing. */
const COLUMNS: Readonly<Record<string, Column>> = {
  time: timeOf,
  level: ({ level }) => level,
  score: ({ score }) => String(score),
  actor: ({ attribution }) => attribution.actor?.name ?? '',
  role: ({ attribution }) => attribution.actor?.role ?? '',
  via: ({ attribution }) => attribution.actor?.via ?? '',
  source_ip: ({ attribution }) => attribution.actor?.sourceIp ?? '',
  status: ({ attribution }) => attribution.status,
  grade: ({ attribution }, edit) =>
    (edit !== undefined && Object.hasOwn(attribution.edits, edit.path) ? attribution.edits[edit.path]?.grade : attribution.grade) ?? '',
  scope: (finding) => refOf(finding)?.scope ?? finding.coverage?.gap.scope ?? '',
  kind: (finding) => refOf(finding)?.kind ?? finding.coverage?.gap.kind ?? '',
  id: (finding) => refOf(finding)?.id ?? '',
  name: ({ change, transient }) => change?.name ?? transient?.name ?? '',
  type: ({ change, coverage }) => change?.type ?? (coverage === undefined ? 'transient' : `coverage-${coverage.type}`),
  path: (_, edit) => edit?.path ?? '',
  before: (_, edit) => json(edit?.before),
  after: (_, edit) => json(edit?.after),
  events: ({ attribution }) => attribution.events.map(({ id }) => id).join(' '),
  rules: ({ rules }) => rules.join(' '),
  reasons: ({ reasons }) => reasons.join('; '),
  undone_at: ({ undone }) => undone?.at ?? '',
  set_aside: ({ ignored }) => ignored ?? '',
  commit: ({ commit }) => commit ?? '',
  finding: ({ id }) => id,
};

/** Findings as in the other forms, highest threat first; what could not be seen is not in it: exit codes and the other forms tell. */
export function renderCsv({ findings }: Pick<ReportData, 'findings'>): string {
  const rows = [...findings]
    .sort(compareFindings)
    .flatMap((finding) => editsOf(finding).map((edit) => Object.values(COLUMNS).map((column) => cell(column(finding, edit)))));
  return [Object.keys(COLUMNS), ...rows].map((row) => `${row.join(',')}\r\n`).join('');
}

function editsOf({ change, transient }: Finding): readonly (Edit | undefined)[] {
  const edits = change?.edits ?? (transient?.effects ?? []).map(effectEdit);
  return edits.length === 0 ? [undefined] : edits;
}

function json(value: Json | undefined): string {
  return value === undefined || value === null ? '' : typeof value === 'string' ? value : JSON.stringify(value);
}

/** Spreadsheets take what begins so for a formula, some the full-width signs too. https://owasp.org/www-community/attacks/CSV_Injection */
const FORMULA = /^[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/;

function cell(text: string): string {
  const safe = clean(text);
  const literal = FORMULA.test(safe) && !/^-?\d+(?:\.\d+)?$/.test(safe) ? `'${safe}` : safe;
  return /[",\r\n]/.test(literal) ? `"${literal.replaceAll('"', '""')}"` : literal;
}
