/** Turns one call and its answer into the record that CloudTrail would have written. */
import type { Json, JsonObject } from '../../../src/model.ts';
import type { Random } from '../random.ts';
import type { Caller } from './callers.ts';
import type { ParameterObject } from './query.ts';
import { ec2Request, ec2Response } from './shapes/ec2.ts';
import { isWrapped, wrappedRequest, wrappedResponse } from './shapes/ec2-wrapped.ts';
import { iamRequest, iamResponse } from './shapes/iam.ts';
import { type Element, find, parseXml } from './xml.ts';

/** One call of a query-protocol API as it came in. */
export interface Call {
  readonly account: string;
  readonly region: string;
  readonly service: string;
  readonly action: string;
  readonly parameters: ParameterObject;
  readonly caller: Caller;
  readonly userAgent: string;
  /** The host that the client asked for, as far as it says. */
  readonly host: string;
}

export interface Answer {
  readonly status: number;
  readonly body: string;
}

export interface Stamp {
  readonly eventId: string;
  /** Whole seconds, `2026-01-31T12:00:00Z`. */
  readonly time: string;
}

const GLOBAL_SERVICES = new Set(['iam', 'sts']);

/** Where CloudTrail files the call. */
export function regionOf(service: string, region: string): string {
  return GLOBAL_SERVICES.has(service) ? 'us-east-1' : region;
}

export function recordOf(call: Call, answer: Answer, stamp: Stamp): JsonObject {
  const { service, action, caller } = call;
  const root = parseXml(answer.body);
  const failure = answer.status >= 400 ? errorOf(service, root) : undefined;
  const region = regionOf(service, call.region);
  return {
    eventVersion: '1.11',
    userIdentity: caller.identity,
    eventTime: stamp.time,
    eventSource: `${service}.amazonaws.com`,
    eventName: action,
    awsRegion: region,
    sourceIPAddress: caller.sourceIp,
    userAgent: call.userAgent,
    ...failure,
    requestParameters: requestOf(call),
    responseElements: failure === undefined ? responseOf(service, action, root) : null,
    requestID: (find(root, 'requestId') ?? find(root, 'RequestId') ?? find(root, 'RequestID'))?.text ?? null,
    eventID: stamp.eventId,
    readOnly: service === 'sts',
    ...resourcesOf(call),
    eventType: 'AwsApiCall',
    managementEvent: true,
    recipientAccountId: call.account,
    eventCategory: 'Management',
    ...(caller.console
      ? { sessionCredentialFromConsole: 'true' }
      : {
          tlsDetails: {
            tlsVersion: 'TLSv1.3',
            cipherSuite: 'TLS_AES_128_GCM_SHA256',
            clientProvidedHostHeader: service === 'iam' ? 'iam.amazonaws.com' : `${service}.${region}.amazonaws.com`,
          },
        }),
  };
}

function requestOf({ service, action, parameters }: Call): JsonObject | null {
  if (service !== 'ec2') return iamRequest(parameters);
  return isWrapped(action) ? wrappedRequest(action, parameters) : ec2Request(action, parameters);
}

function responseOf(service: string, action: string, root: Element): JsonObject | null {
  if (service !== 'ec2') return iamResponse(root);
  return isWrapped(action) ? wrappedResponse(action, root) : ec2Response(root);
}

/** EC2 puts the caller's mistakes under `Client.`; IAM names its exceptions. */
function errorOf(service: string, root: Element): JsonObject {
  const code = find(root, 'Code')?.text ?? 'InternalFailure';
  const message = find(root, 'Message')?.text ?? '';
  if (service === 'ec2') return { errorCode: code === 'InternalError' ? 'Server.InternalError' : `Client.${code}`, errorMessage: message };
  const suffixed = /^(NoSuchEntity|EntityAlreadyExists|DeleteConflict|LimitExceeded)$/.test(code) ? `${code}Exception` : code;
  return { errorCode: suffixed, errorMessage: message };
}

function resourcesOf({ service, action, parameters }: Call): Record<string, Json> {
  if (service !== 'sts' || action !== 'AssumeRole') return {};
  const arn = String(parameters.RoleArn ?? '');
  return { resources: [{ ARN: arn, accountId: arn.split(':')[4] ?? '', type: 'AWS::IAM::Role' }] };
}

/** A role assumed from another account is recorded in both; the role's account learns no more than where from. */
export function sharedCopy(call: Call, record: JsonObject, random: Random): JsonObject | undefined {
  const owner = String(call.parameters.RoleArn ?? '').split(':')[4] ?? '';
  if (call.action !== 'AssumeRole' || owner === '' || owner === call.account || record.errorCode !== undefined) return undefined;
  const { principalId } = call.caller.identity;
  return {
    ...record,
    userIdentity: { type: 'AWSAccount', principalId: principalId ?? '', accountId: call.account },
    eventID: random.uuid(),
    sharedEventID: random.uuid(),
    recipientAccountId: owner,
  };
}
