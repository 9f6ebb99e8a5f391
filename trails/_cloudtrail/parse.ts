/** A CloudTrail record as an audit event, whatever version and service wrote it. */
import { createHash } from 'node:crypto';
import { type AuditEvent, isObject, type Json, type JsonObject, type TrailContext } from 'drifttrail';
import { actorOf } from './actor.ts';
import { flagAt, objectAt, textAt } from './read.ts';

/** Old records lack `readOnly`; these names then tell. */
const READS =
  /^(Describe|Get(?!FederationToken|SigninToken)|List|Head|Lookup|Search|Check|Select|Scan|Query|Test|Simulate|Validate|Preview|Download|BatchGet|BatchDescribe|AssumeRole|Decrypt|GenerateDataKey|Verify)/;
const ISSUERS = /^(AssumeRole|AssumeRoleWithSAML|AssumeRoleWithWebIdentity|AssumeRoot|GetSessionToken|GetFederationToken)$/;
const KEPT = [
  'resources',
  'additionalEventData',
  'userIdentity',
  'eventType',
  'serviceEventDetails',
  'sessionCredentialFromConsole',
  'vpcEndpointId',
];

/**
 * The event that a record (LookupEvents' `CloudTrailEvent`, an element of `Records`, EventBridge's `detail`) tells of.
 * Undefined when it is no record: no event name, no source or no time.
 */
export function parseRecord(given: Json): AuditEvent | undefined {
  if (!isObject(given)) return undefined;
  const record = withObjects(given);
  const name = textAt(record, 'eventName');
  // In China some services sign with their Chinese name: `ec2.amazonaws.com.cn`.
  const source = textAt(record, 'eventSource')?.replace(/\.amazonaws\.com\.cn$/, '.amazonaws.com');
  const time = timeOf(record.eventTime);
  if (name === undefined || source === undefined || time === undefined) return undefined;
  const response = record.responseElements ?? null;
  const actor = actorOf(record);
  const error = errorOf(record, response);
  const issued = error === undefined && ISSUERS.test(name) ? textAt(objectAt(response, 'credentials'), 'accessKeyId') : undefined;
  const sharedId = textAt(record, 'sharedEventID');
  return {
    // A correction may come with an id of its own and name the one that it corrects.
    id:
      textAt(objectAt(record, 'addendum'), 'originalEventID') ??
      textAt(record, 'eventID') ??
      `sha256:${createHash('sha256').update(JSON.stringify(record)).digest('hex').slice(0, 32)}`,
    time,
    source,
    name,
    account: textAt(record, 'recipientAccountId') ?? textAt(objectAt(record, 'userIdentity'), 'accountId') ?? '',
    region: textAt(record, 'awsRegion') ?? '',
    readOnly: flagAt(record, 'readOnly') ?? READS.test(name),
    ...(error === undefined ? {} : { error }),
    actor,
    request: record.requestParameters ?? null,
    response,
    extra: Object.fromEntries(KEPT.flatMap((key) => (record[key] === undefined ? [] : [[key, record[key]]]))) as JsonObject,
    ...(issued === undefined ? {} : { issued }),
    ...(sharedId === undefined ? {} : { sharedId }),
    ...(record.addendum === undefined || record.addendum === null ? {} : { addendum: true }),
  };
}

/** Those that exports to tables keep as JSON in a text. */
const OBJECTS = ['userIdentity', 'requestParameters', 'responseElements', 'additionalEventData', 'serviceEventDetails', 'resources'];

function withObjects(record: JsonObject): JsonObject {
  const texts = OBJECTS.filter((key) => typeof record[key] === 'string' && /^\s*[[{]/.test(record[key]));
  return texts.length === 0 ? record : { ...record, ...Object.fromEntries(texts.map((key) => [key, opened(record[key] as string)])) };
}

function opened(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}

/** Whether a record tells of a call that only read, issued no credentials, and that nobody asks for: it need not be looked at. */
export function isUnwanted(record: Json, reads: TrailContext['reads']): record is JsonObject {
  if (reads === undefined || !isObject(record) || record.readOnly !== true) return false;
  const { eventName: name, eventSource: source } = record;
  const time = timeOf(record.eventTime);
  // What is wrong with a record is told when it is parsed.
  if (typeof name !== 'string' || typeof source !== 'string' || time === undefined) return false;
  return !ISSUERS.test(name) && !reads({ source, name, time });
}

/** An error code or message means that nothing happened, a dry run too; a failed sign-in says so in its response only. */
function errorOf(record: JsonObject, response: Json): { code: string; message: string } | undefined {
  const code = textAt(record, 'errorCode');
  const message = textAt(record, 'errorMessage');
  // Managed Grafana puts the status of every answer there.
  if (code !== undefined && /^2\d\d$/.test(code)) return undefined;
  if (code !== undefined || message !== undefined) return { code: code ?? 'Failed', message: message ?? '' };
  // The one member is named as the event: ConsoleLogin, PasswordRecoveryCompleted, CheckMfa.
  const signIn = isObject(response) ? textAt(response, textAt(record, 'eventName') ?? '') : undefined;
  return signIn === 'Failure' ? { code: 'Failure', message: 'the sign-in failed' } : undefined;
}

/** As CloudTrail writes it. */
const USUAL_TIME = /^20\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\dZ$/;

/** In UTC without saying so: `2026-07-01 10:02:00.000`, as tables and some collectors print it. */
const BARE_TIME = /^\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(?:\.\d+)?$/;
/** Below this a number counts seconds. Milliseconds: 1973. */
const SECONDS = 1e11;

function timeOf(value: Json | undefined): string | undefined {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  if (typeof value === 'string' && USUAL_TIME.test(value)) return value;
  const date = new Date(typeof value === 'number' ? (value < SECONDS ? value * 1000 : value) : inUtc(value));
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString().replace('.000Z', 'Z');
}

const inUtc = (time: string): string => (BARE_TIME.test(time) ? `${time.replace(' ', 'T')}Z` : time);
