/** CloudTrail's LookupEvents with its real limits: 2 requests a second, 50 events a page, one attribute, newest first. */
import type { Json, JsonObject } from '../../../src/model.ts';
import { isObject } from '../../../src/pointer.ts';
import type { Random } from '../random.ts';

export interface LookupOptions {
  /** Requests a second per account and region; 2 as in AWS unless told. */
  readonly rate?: number;
  /** Milliseconds from a call until its record can be looked up. */
  readonly delay?: (record: JsonObject) => number;
  /** Share of records that come twice, 0–1. */
  readonly duplicates?: number;
  /** Records of one second come in any order. */
  readonly disorder?: boolean;
  /** Milliseconds by which the clock that dates a region's records is ahead of ours. */
  readonly skew?: (account: string, region: string) => number;
}

export interface LookupReply {
  readonly status: number;
  readonly body: JsonObject;
}

export interface Lookup {
  readonly add: (account: string, region: string, record: JsonObject) => void;
  readonly records: () => readonly JsonObject[];
  readonly answer: (account: string, region: string, request: JsonObject) => LookupReply;
}

interface Stored {
  readonly account: string;
  readonly region: string;
  readonly record: JsonObject;
  readonly at: number;
  readonly visible: number;
  readonly shuffle: number;
}

const PAGE = 50;
const HISTORY = 90 * 24 * 3600_000;
const ATTRIBUTES: Readonly<Record<string, (record: JsonObject) => Json | undefined>> = {
  EventId: (record) => record.eventID,
  EventName: (record) => record.eventName,
  EventSource: (record) => record.eventSource,
  ReadOnly: (record) => String(record.readOnly),
  Username: usernameOf,
  AccessKeyId: (record) => (record.userIdentity as JsonObject).accessKeyId,
  // Of the resources that AWS lists, the one that the product asks for: the access key that a call issued.
  ResourceName: issuedKey,
};

export function createLookup(options: LookupOptions, clock: () => number, monotonic: () => number, random: Random): Lookup {
  const stored: Stored[] = [];
  const buckets = new Map<string, { tokens: number; at: number }>();
  const rate = options.rate ?? 2;

  const throttled = (key: string) => {
    const now = monotonic();
    const bucket = buckets.get(key) ?? { tokens: rate, at: now };
    const tokens = Math.min(rate, bucket.tokens + ((now - bucket.at) / 1000) * rate);
    buckets.set(key, { tokens: tokens < 1 ? tokens : tokens - 1, at: now });
    return tokens < 1;
  };

  const matching = (account: string, region: string, request: JsonObject, asOf: number): Stored[] => {
    const from = typeof request.StartTime === 'number' ? request.StartTime * 1000 : 0;
    const to = typeof request.EndTime === 'number' ? request.EndTime * 1000 : Number.POSITIVE_INFINITY;
    const wanted = attributesOf(request)[0];
    return stored
      .filter((one) => one.account === account && one.region === region && one.visible <= asOf)
      .filter((one) => one.at >= Math.max(from, asOf - HISTORY) && one.at <= to)
      .filter((one) => wanted === undefined || ATTRIBUTES[wanted.key]?.(one.record) === wanted.value)
      .sort((a, b) => b.at - a.at || a.shuffle - b.shuffle);
  };

  return {
    add: (account, region, record) => {
      const at = Date.parse(String(record.eventTime)) + (options.skew?.(account, region) ?? 0);
      const dated = { ...record, eventTime: new Date(at).toISOString().replace(/\.\d+Z$/, 'Z') };
      const visible = clock() + (options.delay?.(record) ?? 0);
      const copies = random.chance(options.duplicates ?? 0) ? 2 : 1;
      for (let copy = 0; copy < copies; copy += 1) {
        stored.push({ account, region, record: dated, at, visible, shuffle: options.disorder ? random.next() : -stored.length });
      }
    },
    records: () => [...new Set(stored.map((one) => one.record))],
    answer: (account, region, request) => {
      if (throttled(`${account}/${region}`)) return refuse('ThrottlingException', 'Rate exceeded');
      const wrong = complaint(request);
      if (wrong !== undefined) return wrong;
      const question = JSON.stringify([request.StartTime, request.EndTime, request.LookupAttributes]);
      const token = request.NextToken === undefined ? { offset: 0, asOf: clock(), question } : readToken(String(request.NextToken));
      if (token === undefined || token.question !== question) return refuse('InvalidNextTokenException', 'The NextToken does not fit.');
      const all = matching(account, region, request, token.asOf);
      const size = typeof request.MaxResults === 'number' ? request.MaxResults : PAGE;
      const end = token.offset + size;
      const next = end < all.length ? { NextToken: writeToken({ ...token, offset: end }) } : {};
      return { status: 200, body: { Events: all.slice(token.offset, end).map((one) => entry(one)), ...next } };
    },
  };
}

interface Token {
  readonly offset: number;
  readonly asOf: number;
  readonly question: string;
}

function writeToken(token: Token): string {
  return Buffer.from(JSON.stringify(token)).toString('base64url');
}

function readToken(text: string): Token | undefined {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as Token;
  } catch {
    return undefined;
  }
}

function attributesOf(request: JsonObject): { key: string; value: string }[] {
  const list = Array.isArray(request.LookupAttributes) ? (request.LookupAttributes as JsonObject[]) : [];
  return list.map((one) => ({ key: String(one.AttributeKey), value: String(one.AttributeValue) }));
}

function complaint(request: JsonObject): LookupReply | undefined {
  if (attributesOf(request).length > 1) return refuse('InvalidLookupAttributesException', 'You can specify only one lookup attribute.');
  const size = request.MaxResults;
  if (typeof size === 'number' && (size < 1 || size > PAGE)) return refuse('InvalidMaxResultsException', 'MaxResults is between 1 and 50.');
  const { StartTime: from, EndTime: to } = request;
  if (typeof from === 'number' && typeof to === 'number' && from > to)
    return refuse('InvalidTimeRangeException', 'The start is after the end.');
  return undefined;
}

function refuse(type: string, message: string): LookupReply {
  return { status: 400, body: { __type: type, message } };
}

function usernameOf(record: JsonObject): string {
  const identity = record.userIdentity as JsonObject;
  const session =
    String(identity.arn ?? '')
      .split('/')
      .at(-1) ?? '';
  return typeof identity.userName === 'string' ? identity.userName : session;
}

function issuedKey({ responseElements }: JsonObject): Json | undefined {
  const credentials = isObject(responseElements) ? responseElements.credentials : undefined;
  return isObject(credentials) ? credentials.accessKeyId : undefined;
}

function entry({ record, at }: Stored): JsonObject {
  return {
    EventId: record.eventID ?? null,
    EventName: record.eventName ?? null,
    ReadOnly: String(record.readOnly),
    AccessKeyId: (record.userIdentity as JsonObject).accessKeyId ?? '',
    EventTime: at / 1000,
    EventSource: record.eventSource ?? null,
    Username: usernameOf(record),
    Resources: issuedKey(record) === undefined ? [] : [{ ResourceType: 'AWS::IAM::AccessKey', ResourceName: issuedKey(record) ?? '' }],
    CloudTrailEvent: JSON.stringify(record),
  };
}
