/** Where digests and log files stand below the folder of their account, and what their names tell. */

/** Milliseconds. */
export const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** An account and region of a trail, and the two folders where its files stand in one folder a day. */
export interface Place {
  readonly account: string;
  readonly region: string;
}

export interface DigestName {
  readonly key: string;
  /** Trail and home region: digests of one trail form a chain, several trails may deliver to one place. */
  readonly trail: string;
  /** Milliseconds; when the hours that it covers end. */
  readonly end: number;
  /** Delivered later, for log files that the digest of their hour does not list; a chain of its own. */
  readonly backfill: boolean;
}

// https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-validation-digest-file-structure.html
const DIGEST = /\/\d{12}_CloudTrail-Digest_[a-z0-9-]+_(.+)_(\d{8}T\d{6}Z)(_backfill)?\.json\.gz$/;
const LOG = /\/\d{12}_CloudTrail_[a-z0-9-]+_(\d{8}T\d{4})Z_[^/]+\.json\.gz$/;

export function digestFolder({ account, region }: Place): string {
  return `${account}/CloudTrail-Digest/${region}/`;
}

export function logFolder({ account, region }: Place): string {
  return `${account}/CloudTrail/${region}/`;
}

/** Undefined for what is no digest. */
export function digestName(key: string): DigestName | undefined {
  const [, trail, stamp = '', suffix] = DIGEST.exec(key) ?? [];
  const end = momentOf(stamp);
  return trail === undefined || Number.isNaN(end) ? undefined : { key, trail, end, backfill: suffix !== undefined };
}

/** When a log file was delivered, to a minute; undefined for what is no log file. Milliseconds. */
export function logTime(key: string): number | undefined {
  const at = momentOf(`${LOG.exec(key)?.[1] ?? ''}00Z`);
  return Number.isNaN(at) ? undefined : at;
}

/** `2026/07/01/` of a key. */
export function dayOf(key: string): string {
  return /\/(\d{4}\/\d{2}\/\d{2}\/)[^/]*$/.exec(key)?.[1] ?? '';
}

/** The folders of all days from one moment to another, in order. */
export function days(from: number, to: number): string[] {
  const found: string[] = [];
  for (let day = Math.floor(from / DAY) * DAY; day <= to; day += DAY) found.push(dayFolder(day));
  return found;
}

/** `2026-07-01T10:00:00Z` */
export function iso(moment: number): string {
  return new Date(moment).toISOString().replace('.000Z', 'Z');
}

function dayFolder(moment: number): string {
  return `${new Date(moment).toISOString().slice(0, 10).replaceAll('-', '/')}/`;
}

/** `20260701T100000Z` */
function momentOf(stamp: string): number {
  return Date.parse(stamp.replace(/^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z$/, '$1-$2-$3T$4:$5:$6Z'));
}
