/** AWS errors as gaps: which of the reasons it is, and a line that says what to do about it. */
import { DrifttrailError, type GapReason } from 'drifttrail';

export interface Where {
  /** `ec2:DescribeRouteTables`. */
  readonly action: string;
  /** Left out where the call belongs to no region. */
  readonly region?: string;
  /** The ARN that made the call, when known. */
  readonly caller?: string;
}

export interface Fault {
  readonly reason: GapReason;
  readonly detail: string;
}

/** An answer that is not all of it, or not what was asked for; thrown by our own reading of answers. */
export class AnswerError extends Error {
  readonly reason: 'truncated' | 'invalid';
  constructor(reason: 'truncated' | 'invalid', message: string) {
    super(message);
    this.name = 'AnswerError';
    this.reason = reason;
  }
}

// Names as the services send them: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html,
// https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html
const EXPIRED = new Set(['ExpiredToken', 'ExpiredTokenException', 'RequestExpired', 'TokenRefreshRequired']);
const BAD_CREDENTIALS = new Set([
  'AuthFailure',
  'InvalidClientTokenId',
  'UnrecognizedClientException',
  'SignatureDoesNotMatch',
  'IncompleteSignature',
  'MissingAuthenticationToken',
  'CredentialsProviderError',
  'TokenProviderError',
]);
const DENIED = new Set(['AccessDenied', 'AccessDeniedException', 'UnauthorizedOperation', 'UnauthorizedAccess', 'Blocked']);
const OPT_IN = new Set(['OptInRequired', 'SubscriptionRequiredException', 'PendingVerification', 'RegionDisabledException']);
const THROTTLED = new Set([
  'Throttling',
  'ThrottlingException',
  'ThrottledException',
  'RequestThrottled',
  'RequestThrottledException',
  'RequestLimitExceeded',
  'TooManyRequestsException',
  'BandwidthLimitExceeded',
  'EC2ThrottledException',
  'SlowDown',
]);
const NETWORK = new Set(['TimeoutError', 'RequestTimeout', 'RequestTimeoutException', 'AbortError', 'NetworkingError']);

/** The name the service gave the error, such as `UnauthorizedOperation`. */
export function errorName(error: unknown): string {
  if (!(error instanceof Error)) return 'Error';
  const code = (error as { Code?: unknown; code?: unknown }).Code;
  return typeof code === 'string' && (error.name === 'Error' || error.name === '') ? code : error.name;
}

/** Whether the thing asked for is not there (any more): `NoSuchEntity`, `InvalidVpcID.NotFound`. */
export function isMissing(error: unknown): boolean {
  const name = errorName(error);
  return name === 'NoSuchEntity' || name === 'NoSuchEntityException' || /^Invalid\w*\.NotFound$/.test(name);
}

/** Never throws; keeps the service's own words short. */
export function faultOf(error: unknown, where: Where): Fault {
  const name = errorName(error);
  const status = (error as { $metadata?: { httpStatusCode?: number } } | null)?.$metadata?.httpStatusCode;
  const at = `${where.action}${where.region === undefined ? '' : ` in ${where.region}`}${where.caller === undefined ? '' : ` as ${where.caller}`}`;
  if (error instanceof AnswerError)
    return { reason: error.reason, detail: `${at}: ${error.message}; run again, and report it if it stays` };
  if (error instanceof DrifttrailError) return { reason: 'invalid', detail: `${at}: ${error.message}` };
  if (EXPIRED.has(name) || /\bexpired\b/i.test(wordsOf(error, name))) {
    return { reason: 'denied', detail: `${name}: ${at}: the credentials have expired; renew them (aws sso login, or a new session)` };
  }
  if (BAD_CREDENTIALS.has(name)) {
    return { reason: 'denied', detail: `${name}: ${at}: ${message(error)}; check the credentials with: aws sts get-caller-identity` };
  }
  if (OPT_IN.has(name))
    return { reason: 'denied', detail: `${name}: ${at}; enable the region for the account, or leave it out of regions` };
  if (DENIED.has(name) || status === 403) {
    return { reason: 'denied', detail: `AccessDenied: ${at}; add it to the role: drifttrail permissions` };
  }
  if (THROTTLED.has(name) || status === 429) {
    return { reason: 'throttled', detail: `${name}: ${at}; others use the same limit: lower rate, or run less often` };
  }
  if (NETWORK.has(name) || networkCode(error) !== undefined) {
    return { reason: 'unreachable', detail: `${networkCode(error) ?? name}: ${at}: no answer in time; check the network and the endpoint` };
  }
  if (status !== undefined && status >= 500)
    return { reason: 'unreachable', detail: `${name}: ${at}: HTTP ${status}; AWS failed, run again` };
  return { reason: 'invalid', detail: `${name}: ${at}: ${message(error)}` };
}

/** Credential providers report an expired SSO session in words only. */
function wordsOf(error: unknown, name: string): string {
  return name === 'CredentialsProviderError' || name === 'TokenProviderError' ? message(error) : '';
}

function networkCode(error: unknown): string | undefined {
  const code = (error as NodeJS.ErrnoException | null)?.code;
  return typeof code === 'string' && /^(E[A-Z]{3,}|UND_ERR|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO)/.test(code) ? code : undefined;
}

function message(error: unknown): string {
  const text = (error instanceof Error ? error.message : String(error)).replaceAll(/\s+/g, ' ').trim();
  return text.length > 200 ? `${text.slice(0, 199)}…` : text;
}
