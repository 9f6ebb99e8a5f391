/** The report as OCSF Detection Findings, one JSON object a line, for a SIEM. https://schema.ocsf.io/1.3.0/classes/detection_finding */
import type { Finding, JsonObject } from '../model.ts';
import { clean } from './clean.ts';
import type { ReportData } from './contract.ts';
import { actorOf, apiOf, baseOf, endpointOf, type OcsfClass, type OcsfOptions } from './ocsf-objects.ts';
import { compareFindings, timeOf } from './order.ts';
import { actText, resourceText, undoneText } from './words.ts';

const DETECTION_FINDING: OcsfClass = { category: [2, 'Findings'], class: [2004, 'Detection Finding'] };
const CREATE = [1, 'Create'] as const;
const [NEW, SUPPRESSED, RESOLVED] = [
  [1, 'New'],
  [3, 'Suppressed'],
  [4, 'Resolved'],
] as const;

export function renderOcsf({ findings }: Pick<ReportData, 'findings'>, options: OcsfOptions): string {
  return [...findings]
    .sort(compareFindings)
    .map((finding) => `${JSON.stringify(toOcsf(finding, options))}\n`)
    .join('');
}

/** Times in milliseconds since 1970. */
function toOcsf(finding: Finding, options: OcsfOptions): JsonObject {
  const [statusId, status] = finding.ignored !== undefined ? SUPPRESSED : finding.undone !== undefined ? RESOLVED : NEW;
  const title = clean(`${resourceText(finding, options.titles)}: ${actText(finding)}`);
  const time = Date.parse(timeOf(finding));
  return {
    ...baseOf(finding, DETECTION_FINDING, CREATE, time, options),
    status,
    status_id: statusId,
    risk_score: finding.score,
    message: title,
    finding_info: {
      uid: finding.id,
      title,
      desc: [...finding.reasons, ...(finding.undone === undefined ? [] : [undoneText(finding)])].map((reason) => clean(reason)).join('. '),
      created_time: time,
      first_seen_time: Date.parse(finding.window.from),
      last_seen_time: Date.parse(finding.window.to),
      analytic: { name: finding.rules[0] ?? 'drift', type: 'Rule', type_id: 1 },
      ...(finding.rules.length === 0 ? {} : { types: [...finding.rules] }),
    },
    ...(finding.undo === undefined ? {} : { remediation: { desc: finding.undo.map((line) => clean(line)).join('\n') } }),
    evidences: evidencesOf(finding),
  };
}

function evidencesOf({ attribution }: Finding): JsonObject[] {
  const { actor, events } = attribution;
  const endpoint = actor === undefined ? undefined : endpointOf(actor);
  const who = actor === undefined ? {} : { actor: actorOf(actor), ...(endpoint === undefined ? {} : { src_endpoint: endpoint }) };
  if (events.length === 0) return actor === undefined ? [] : [who];
  return events.map((event) => ({ ...who, api: apiOf(event), data: { eventTime: event.time } }));
}
