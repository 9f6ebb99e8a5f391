/** Where CloudTrail puts its files, and which of them can hold events of a window. */

/** Files are named after the time of delivery: minutes after the events, at times an hour. Milliseconds. */
export const MARGIN = 60 * 60_000;
const DAY = 24 * 3_600_000;
const NAME = /_CloudTrail_[a-z0-9-]+_(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})Z_[^/]+\.json(\.gz)?$/;

export interface Place {
  readonly account: string;
  readonly region: string;
  /** Ends with a slash; the folders of the days stand below. */
  readonly prefix: string;
}

/** `[prefix/]AWSLogs/[o-…/]`, under which the accounts stand. */
export function rootOf({
  prefix,
  organization,
}: {
  readonly prefix?: string | undefined;
  readonly organization?: string | undefined;
}): string {
  const before = prefix === undefined || prefix === '' ? '' : `${prefix.replace(/\/+$/, '')}/`;
  return `${before}AWSLogs/${organization === undefined ? '' : `${organization}/`}`;
}

/** The folders of all days whose files may hold events of the span, in order. */
export function dayFolders(from: string, to: string): string[] {
  const [first, last] = [Date.parse(from) - MARGIN, Date.parse(to) + MARGIN];
  const days: string[] = [];
  for (let day = Math.floor(first / DAY) * DAY; day <= last; day += DAY)
    days.push(`${new Date(day).toISOString().slice(0, 10).replaceAll('-', '/')}/`);
  return days;
}

/** Sorts before every file of a day's folder that was delivered at a time (milliseconds) or later. */
export function firstKey(folder: string, account: string, region: string, time: number): string {
  const stamp = new Date(Math.max(time, 0)).toISOString().slice(0, 16).replaceAll(/[-:]/g, '');
  return `${folder}${account}_CloudTrail_${region}_${stamp}`;
}

/** When a file was delivered; undefined for what is no log file. */
export function deliveredAt(key: string): number | undefined {
  const [, year, month, day, hour, minute] = NAME.exec(key) ?? [];
  return year === undefined ? undefined : Date.parse(`${year}-${month}-${day}T${hour}:${minute}:00Z`);
}

/** A file delivered before the span, or long after it, holds none of its events. */
export function mayHold(key: string, from: string, to: string): boolean {
  const at = deliveredAt(key);
  return at !== undefined && at >= Date.parse(from) - MARGIN && at <= Date.parse(to) + MARGIN;
}
