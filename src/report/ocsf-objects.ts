/** The objects that all our OCSF events share. https://schema.ocsf.io/1.3.0/objects */
import { isIP } from 'node:net';
import type { Actor, Finding, JsonObject, Level } from '../model.ts';
import { clean } from './clean.ts';
import { refOf } from './words.ts';

export interface OcsfOptions {
  readonly titles?: Readonly<Record<string, string>>;
  /** Of drifttrail. */
  readonly version: string;
}

const SCHEMA = '1.3.0';
const SEVERITIES: Readonly<Record<Level, readonly [id: number, name: string]>> = {
  info: [1, 'Informational'],
  low: [2, 'Low'],
  medium: [3, 'Medium'],
  high: [4, 'High'],
  critical: [5, 'Critical'],
};

export interface OcsfClass {
  readonly category: readonly [id: number, name: string];
  readonly class: readonly [id: number, name: string];
}

/** What every event has, whatever it tells of. `time`: milliseconds since 1970. */
export function baseOf(
  finding: Finding,
  { category, class: own }: OcsfClass,
  [activity, name]: readonly [id: number, name: string],
  time: number,
  { version }: OcsfOptions,
): JsonObject {
  const [severityId, severity] = SEVERITIES[finding.level];
  const cloud = cloudOf(finding);
  return {
    activity_id: activity,
    activity_name: name,
    category_name: category[1],
    category_uid: category[0],
    class_name: own[1],
    class_uid: own[0],
    type_name: `${own[1]}: ${name}`,
    type_uid: own[0] * 100 + activity,
    time,
    severity,
    severity_id: severityId,
    metadata: {
      version: SCHEMA,
      // The profile requires the object: of a machine or a cluster there is none.
      ...(cloud === undefined ? {} : { profiles: ['cloud'] }),
      product: { name: 'drifttrail', vendor_name: 'drifttrail', version },
      uid: finding.id,
    },
    ...(cloud === undefined ? {} : { cloud }),
    resources: resourcesOf(finding),
  };
}

export function actorOf({ name, arn, type, role, service }: Actor): JsonObject {
  return {
    user: { name: clean(name), type, ...(arn === null ? {} : { uid: clean(arn) }) },
    ...(role === null ? {} : { session: { issuer: clean(role) } }),
    ...(service === undefined ? {} : { app_name: clean(service) }),
  };
}

/**
 * Audit records put all of it into one field: an address, the name of a machine, or the service that called by itself
 * (`cloudformation.amazonaws.com`, `AWS Internal`). Undefined where they say nothing.
 */
export function endpointOf({ sourceIp, country }: Actor): JsonObject | undefined {
  if (sourceIp === null || sourceIp === '') return undefined;
  return { [endpointKey(sourceIp)]: clean(sourceIp), ...(country === undefined ? {} : { location: { country } }) };
}

function endpointKey(source: string): 'ip' | 'svc_name' | 'hostname' | 'name' {
  if (isIP(source) !== 0) return 'ip';
  if (/\.amazonaws\.com(?:\.cn)?$|^AWS Internal$/i.test(source)) return 'svc_name';
  return /^[a-z\d_](?:[a-z\d_.-]{0,252}[a-z\d_.])?$/i.test(source) ? 'hostname' : 'name';
}

export function apiOf({ id, name, source }: { readonly id: string; readonly name: string; readonly source: string }): JsonObject {
  return { operation: clean(name), service: { name: clean(source) }, request: { uid: id } };
}

function resourcesOf(finding: Finding): JsonObject[] {
  const ref = refOf(finding);
  if (ref === undefined) return [];
  const name = finding.change?.name ?? finding.transient?.name;
  return [{ uid: clean(`${ref.scope}/${ref.id}`), type: ref.kind, ...(name === undefined ? {} : { name: clean(name) }) }];
}

/** `aws/123456789012/eu-west-1` */
function cloudOf(finding: Finding): JsonObject | undefined {
  const [provider = '', account, region] = (refOf(finding)?.scope ?? finding.coverage?.gap.scope ?? '').split('/');
  if (provider !== 'aws' || account === undefined) return undefined;
  return { provider: 'AWS', account: { uid: account, type: 'AWS Account', type_id: 10 }, ...(region === undefined ? {} : { region }) };
}
