/** The report as OCSF Detection Findings, one JSON object a line, for a SIEM. https://schema.ocsf.io/1.3.0/classes/detection_finding */
import type { Actor, Finding, JsonObject, Level } from '../model.ts';
import { clean } from './clean.ts';
import type { ReportData } from './contract.ts';
import { compareFindings, timeOf } from './order.ts';
import { actText, refOf, resourceText, undoneText } from './words.ts';

export interface OcsfOptions {
  readonly titles?: Readonly<Record<string, string>>;
  /** Of drifttrail. */
  readonly version: string;
}

const SCHEMA = '1.3.0';
const [FINDINGS, DETECTION_FINDING, CREATE] = [2, 2004, 1];
const SEVERITIES: Readonly<Record<Level, readonly [id: number, name: string]>> = {
  info: [1, 'Informational'],
  low: [2, 'Low'],
  medium: [3, 'Medium'],
  high: [4, 'High'],
  critical: [5, 'Critical'],
};
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
export function toOcsf(finding: Finding, { titles, version }: OcsfOptions): JsonObject {
  const [severityId, severity] = SEVERITIES[finding.level];
  const [statusId, status] = finding.ignored !== undefined ? SUPPRESSED : finding.undone !== undefined ? RESOLVED : NEW;
  const title = clean(`${resourceText(finding, titles)}: ${actText(finding)}`);
  const time = Date.parse(timeOf(finding));
  return {
    activity_id: CREATE,
    activity_name: 'Create',
    category_name: 'Findings',
    category_uid: FINDINGS,
    class_name: 'Detection Finding',
    class_uid: DETECTION_FINDING,
    type_name: 'Detection Finding: Create',
    type_uid: DETECTION_FINDING * 100 + CREATE,
    time,
    severity,
    severity_id: severityId,
    status,
    status_id: statusId,
    risk_score: finding.score,
    message: title,
    metadata: {
      version: SCHEMA,
      profiles: ['cloud'],
      product: { name: 'drifttrail', vendor_name: 'drifttrail', version },
      uid: finding.id,
    },
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
    resources: resourcesOf(finding),
    ...cloudOf(finding),
  };
}

function evidencesOf({ attribution }: Finding): JsonObject[] {
  const { actor, events } = attribution;
  const who = actor === undefined ? {} : { actor: actorOf(actor), ...endpointOf(actor) };
  if (events.length === 0) return actor === undefined ? [] : [who];
  return events.map(({ id, name, source, time }) => ({
    ...who,
    api: { operation: clean(name), service: { name: clean(source) }, request: { uid: id } },
    data: { eventTime: time },
  }));
}

function actorOf({ name, arn, type, role, service }: Actor): JsonObject {
  return {
    user: { name: clean(name), type, ...(arn === null ? {} : { uid: clean(arn) }) },
    ...(role === null ? {} : { session: { issuer: clean(role) } }),
    ...(service === undefined ? {} : { invoked_by: clean(service) }),
  };
}

function endpointOf({ sourceIp, country }: Actor): JsonObject {
  if (sourceIp === null) return {};
  return { src_endpoint: { ip: clean(sourceIp), ...(country === undefined ? {} : { location: { country } }) } };
}

function resourcesOf(finding: Finding): JsonObject[] {
  const ref = refOf(finding);
  if (ref === undefined) return [];
  const name = finding.change?.name ?? finding.transient?.name;
  return [{ uid: clean(`${ref.scope}/${ref.id}`), type: ref.kind, ...(name === undefined ? {} : { name: clean(name) }) }];
}

/** `aws/123456789012/eu-west-1` */
function cloudOf(finding: Finding): JsonObject {
  const [provider = '', account, region] = (refOf(finding)?.scope ?? finding.coverage?.gap.scope ?? '').split('/');
  if (provider !== 'aws' || account === undefined) return {};
  return {
    cloud: { provider: 'AWS', account: { uid: account, type: 'AWS Account', type_id: 10 }, ...(region === undefined ? {} : { region }) },
  };
}
