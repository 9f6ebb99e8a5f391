/** The part of a report that somebody asks for. */
import type { Finding } from '../model.ts';
import type { ReportData } from './contract.ts';
import { refOf } from './words.ts';

export interface Filter {
  /** A name, role or ARN, in any case; `alice` is not `malice`. */
  readonly actor?: string | undefined;
  /** A scope or the beginning of one in whole words: `hosts/web01`, `aws/123456789012`. */
  readonly scope?: string | undefined;
}

/** What could not be seen of the scope stays: it may be what is looked for. Whose doing a gap is nobody can say. */
export function filterReport(report: ReportData, { actor, scope }: Filter): ReportData {
  const isWithin = (place: string | undefined) => scope === undefined || `${place ?? ''}/`.startsWith(`${scope}/`);
  const words = [...(actor === undefined ? [] : [`is known to be by ${actor}`]), ...(scope === undefined ? [] : [`is of ${scope}`])];
  return {
    ...report,
    ...(words.length === 0 ? {} : { asked: { words: words.join(' and '), of: report.findings.length } }),
    findings: report.findings.filter((finding) => isBy(finding, actor) && isWithin(refOf(finding)?.scope ?? finding.coverage?.gap.scope)),
    gaps: report.gaps.filter((gap) => isWithin(gap.scope)),
    unmapped: actor === undefined && scope === undefined ? report.unmapped : [],
  };
}

function isBy({ attribution }: Finding, wanted: string | undefined): boolean {
  if (wanted === undefined) return true;
  const known = [...(attribution.actor === undefined ? [] : [attribution.actor]), ...(attribution.authors ?? []).map(({ actor }) => actor)];
  return known.some(({ name, role, arn }) => [name, role, arn].some((word) => word?.toLowerCase() === wanted.toLowerCase()));
}
