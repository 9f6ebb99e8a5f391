/** The report as Markdown, for chats, tickets and pull requests; nothing in the data can become markup. */
import type { Finding } from '../model.ts';
import type { ReportData } from './contract.ts';
import { codeSpan, escapeMarkdown } from './escape-markdown.ts';
import { findingsOf } from './group.ts';
import { compareFindings, countLevels, REPORT_LEVELS } from './order.ts';
import { pageMarkdown } from './page-markdown.ts';
import { isBlank, unseenText } from './unseen.ts';
import { actText, durationText, kindTitle, minute, nothingText, refOf, resourceText, undoneText, whenText, whoText } from './words.ts';

export interface MarkdownOptions {
  readonly titles?: Readonly<Record<string, string>>;
}

export function renderMarkdown(report: ReportData, options: MarkdownOptions = {}): string {
  const findings = [...report.findings].sort(compareFindings);
  const counts = countLevels(findings);
  const summary = REPORT_LEVELS.filter((level) => counts[level] > 0).map((level) => `${counts[level]} ${level}`);
  const lines = [
    report.page === undefined ? '# Drift report' : `# ${escapeMarkdown(report.page.name)}`,
    '',
    ...(report.page === undefined ? [] : [...pageMarkdown(report.page), '', '## What changed', '']),
    `${escapeMarkdown(`${minute(report.window.from)} to ${minute(report.window.to)}`)} UTC: ${summary.length === 0 ? escapeMarkdown(isBlank(report) ? '' : nothingText(report)) : `${summary.join(', ')}.`}`.trimEnd(),
    ...(report.unseen ? ['', escapeMarkdown(unseenText(report.unseen))] : []),
    ...findingsOf(report, findings).flatMap(([head, members]) => [
      ...(head === undefined ? [] : ['', `# ${escapeMarkdown(head)}`]),
      ...members.flatMap((finding) => ['', ...markdownFinding(finding, options)]),
    ]),
  ];
  if (report.gaps.length > 0) {
    lines.push('', '## Not seen', '', '| scope | kind | reason | detail |', '| --- | --- | --- | --- |');
    for (const gap of report.gaps)
      lines.push(
        `| ${[gap.scope, gap.kind === undefined ? 'everything' : kindTitle(gap.kind, options.titles), gap.reason, gap.detail].map(escapeMarkdown).join(' | ')} |`,
      );
  }
  if (report.unmapped.length > 0) {
    lines.push('', '## Writes that no mapping knows', '');
    for (const { name, source, count } of report.unmapped) lines.push(`- ${escapeMarkdown(`${source} ${name}`)} × ${count}`);
  }
  return `${lines.join('\n')}\n`;
}

function markdownFinding(finding: Finding, { titles }: MarkdownOptions): readonly string[] {
  const who = whoText(finding);
  const ref = refOf(finding);
  const lines = [
    `## ${finding.level}: ${escapeMarkdown(`${resourceText(finding, titles)}: ${actText(finding)}`)}`,
    '',
    `${who === '' ? '' : `${escapeMarkdown(who)}, `}${escapeMarkdown(whenText(finding))}`,
    '',
    ...finding.reasons.map((reason) => `- ${escapeMarkdown(reason)}`),
  ];
  if (finding.undone !== undefined) lines.push(`- ${escapeMarkdown(undoneText(finding))}`);
  if (finding.ignored !== undefined) lines.push(`- set aside: ${escapeMarkdown(finding.ignored)}`);
  if (finding.transient?.duration !== undefined) lines.push(`- lasted ${durationText(finding.transient.duration)}`);
  if (finding.undo !== undefined && finding.undo.length > 0)
    lines.push(
      '',
      'Undo:',
      '',
      ...finding.undo.map((line) => `- ${line.startsWith('#') ? escapeMarkdown(line.slice(1).trim()) : codeSpan(line)}`),
    );
  lines.push('', `${codeSpan(ref?.scope ?? finding.coverage?.gap.scope ?? '-')} · ${codeSpan(finding.id)} · score ${finding.score}`);
  return lines;
}
