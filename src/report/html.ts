/** The report as one HTML page that needs nothing else: no script, no font, no picture; dark and light, screen and paper. */
import type { Edit, Finding, Level } from '../model.ts';
import type { ReportData } from './contract.ts';
import { findingsOf } from './group.ts';
import { escapeHtml } from './html-escape.ts';
import { htmlPage } from './html-page.ts';
import { timeline } from './html-timeline.ts';
import { pageHtml } from './page-html.ts';
import { compareFindings, countLevels, REPORT_LEVELS, timeOf } from './order.ts';
import { isBlank, unseenText } from './unseen.ts';
import {
  actText,
  editText,
  effectEdit,
  kindTitle,
  minute,
  nothingText,
  refOf,
  remarksOf,
  resourceText,
  whenText,
  whoText,
} from './words.ts';

export interface HtmlOptions {
  readonly titles?: Readonly<Record<string, string>>;
}

export function renderHtml(report: ReportData, options: HtmlOptions = {}): string {
  const findings = [...report.findings].sort(compareFindings);
  const counts = countLevels(findings);
  const span = `${minute(report.window.from)} to ${minute(report.window.to)} UTC`;
  const points = findings.map((finding) => ({
    at: Date.parse(timeOf(finding)),
    level: finding.level,
    href: `#${escapeHtml(finding.id)}`,
    text: escapeHtml(`${finding.level}: ${resourceText(finding, options.titles)}`),
  }));
  const body = [
    '<header>',
    `<h1>${report.page === undefined ? 'Drift report' : escapeHtml(report.page.name)}</h1>`,
    `<p>${escapeHtml(span)}</p>`,
    findings.length > 0 ? summary(counts) : isBlank(report) ? '' : `<p>${escapeHtml(nothingText(report))}</p>`,
    report.unseen ? `<p>${escapeHtml(unseenText(report.unseen))}</p>` : '',
    findings.length === 0 ? '' : timeline(points, { from: Date.parse(report.window.from), to: Date.parse(report.window.to) }),
    '</header>',
    '<main>',
    ...(report.page === undefined ? [] : [...pageHtml(report.page), '<h2>What changed</h2>']),
    ...findingsOf(report, findings).flatMap(([head, members]) => [
      head === undefined ? '' : `<h2>${escapeHtml(head)}</h2>`,
      ...members.map((finding) => article(finding, options)),
    ]),
    gapsTable(report, options),
    unmappedList(report),
    '</main>',
    `<footer><p>${escapeHtml(`Made by drifttrail, ${minute(report.generatedAt)} UTC.`)}</p></footer>`,
  ];
  return htmlPage(`${report.page?.name ?? 'Drift report'}, ${span}`, body);
}

function summary(counts: Readonly<Record<Level, number>>): string {
  const items = REPORT_LEVELS.filter((level) => counts[level] > 0).map(
    (level) => `<li><span class="level ${level}">${level}</span> ${counts[level]}</li>`,
  );
  return `<ul class="counts">${items.join('')}</ul>`;
}

function article(finding: Finding, { titles }: HtmlOptions): string {
  const { level, id, undo = [], commit, score, transient, change } = finding;
  const who = whoText(finding);
  const edits = change?.edits ?? (transient?.effects ?? []).map(effectEdit);
  const notes = remarksOf(finding);
  const place = [refOf(finding)?.scope ?? finding.coverage?.gap.scope, id, commit?.slice(0, 12), `score ${score}`];
  return [
    `<article id="${escapeHtml(id)}">`,
    `<h2><span class="level ${level}">${level}</span> ${escapeHtml(`${resourceText(finding, titles)}: ${actText(finding)}`)}</h2>`,
    `<p class="who">${escapeHtml(`${who === '' ? '' : `${who}, `}${whenText(finding)}`)}</p>`,
    notes.length === 0 ? '' : `<ul>${notes.map((note) => `<li>${escapeHtml(note)}</li>`).join('')}</ul>`,
    editsOf(finding, edits),
    undo.length === 0 ? '' : `<h3>Undo</h3>\n<pre tabindex="0">${undo.map(escapeHtml).join('\n')}</pre>`,
    `<p class="place">${place.flatMap((part) => (part === undefined ? [] : [escapeHtml(part)])).join(' · ')}</p>`,
    '</article>',
  ]
    .filter((part) => part !== '')
    .join('\n');
}

/** The first line has one or two already. */
const TOLD = 2;

function editsOf({ attribution, change }: Finding, edits: readonly Edit[]): string {
  if (edits.length <= TOLD) return '';
  const grade = ({ path }: Edit) => (Object.hasOwn(attribution.edits, path) ? attribution.edits[path]?.grade : undefined) ?? '';
  const items = edits.map(
    (edit) => `<li>${escapeHtml(editText(edit, change?.readAs !== undefined))} <small>${escapeHtml(grade(edit))}</small></li>`,
  );
  // Beside it rather than in it: browsers print nothing of what is closed, and not all let a style sheet say otherwise.
  return `<details><summary>${edits.length} edits</summary></details><ul>${items.join('')}</ul>`;
}

function gapsTable({ gaps }: ReportData, { titles }: HtmlOptions): string {
  if (gaps.length === 0) return '';
  const rows = gaps.map(({ scope, kind, reason, detail }) => {
    const cells = [scope, kind === undefined ? 'everything' : kindTitle(kind, titles), reason, detail];
    return `<tr>${cells.map((cell) => `<td>${escapeHtml(cell)}</td>`).join('')}</tr>`;
  });
  const head = ['scope', 'kind', 'reason', 'detail'].map((name) => `<th scope="col">${name}</th>`).join('');
  return `<section><h2>Not seen</h2>\n<table><thead><tr>${head}</tr></thead><tbody>\n${rows.join('\n')}\n</tbody></table></section>`;
}

function unmappedList({ unmapped }: ReportData): string {
  if (unmapped.length === 0) return '';
  const items = unmapped.map(({ name, source, count }) => `<li>${escapeHtml(`${source} ${name}`)} × ${count}</li>`);
  return `<section><h2>Writes that no mapping knows</h2>\n<ul>${items.join('')}</ul></section>`;
}
