/** Which partitions a question must read: by account, region and day of delivery, as far as the table is divided by them. */
import type { Scope } from '../_query/queries.ts';
import { oneOf, quoted, text } from '../_query/sql.ts';

export interface PartitionKey {
  readonly name: string;
  /** As Hive writes it: `string`, `int`, `date`. */
  readonly type: string;
}

export interface Division {
  readonly conditions: (scope: Scope) => readonly string[];
  /** Options that must be given, because Athena finds such partitions only by name. */
  readonly needs: readonly ('accounts' | 'regions')[];
  /** Not even the days are told apart: each question reads the whole table. */
  readonly undivided: boolean;
}

/** Files are delivered minutes after their events, at times an hour. Milliseconds. */
const MARGIN = 60 * 60_000;
const DAY = 86_400_000;

// The names in Athena's guide and those that people gave them.
const ACCOUNT = /^(aws_?)?account(_?id)?$/;
const REGION = /^(aws_?)?region$/;
const DATE = /^(timestamp|date|dt|day|eventdate|event_date|log_?date|partition_?date)$/;
const FORMAT = /^yyyy[/_-]?MM[/_-]?dd(?:[/_-]?HH)?$/;

export function divisionOf(keys: readonly PartitionKey[], parameters: Readonly<Record<string, unknown>>): Division {
  const of = (pattern: RegExp) => keys.find(({ name }) => pattern.test(name));
  const [account, region] = [of(ACCOUNT), of(REGION)];
  const days = daysOf(keys, parameters);
  const injected = (key: PartitionKey | undefined) => key !== undefined && parameters[`projection.${key.name}.type`] === 'injected';
  return {
    conditions: ({ from, to, accounts, regions }) => [
      ...(account === undefined || accounts === undefined ? [] : [oneOf(quoted(account.name), accounts)]),
      ...(region === undefined || regions === undefined ? [] : [oneOf(quoted(region.name), regions)]),
      ...(days === undefined ? [] : [days(Date.parse(from) - MARGIN, Date.parse(to) + MARGIN)]),
    ],
    needs: [...(injected(account) ? (['accounts'] as const) : []), ...(injected(region) ? (['regions'] as const) : [])],
    undivided: days === undefined,
  };
}

type Days = (first: number, last: number) => string;

function daysOf(keys: readonly PartitionKey[], parameters: Readonly<Record<string, unknown>>): Days | undefined {
  const [year, month, day] = ['year', 'month', 'day'].map((wanted) => keys.find(({ name }) => name === wanted));
  if (year !== undefined && month !== undefined && day !== undefined) return byParts(year, month, day);
  const key = keys.find(({ name }) => DATE.test(name));
  if (key === undefined) return undefined;
  const name = quoted(key.name);
  if (key.type === 'date') return (first, last) => `${name} BETWEEN date ${text(iso(first))} AND date ${text(iso(last))}`;
  const format = parameters[`projection.${key.name}.format`] ?? 'yyyy/MM/dd';
  if (typeof format !== 'string' || !FORMAT.test(format)) return undefined;
  return (first, last) => `${name} BETWEEN ${text(written(format, first, '00'))} AND ${text(written(format, last, '23'))}`;
}

/** Month by month, so that each condition is one that partitions are chosen by. */
function byParts(year: PartitionKey, month: PartitionKey, day: PartitionKey): Days {
  const value = ({ type }: PartitionKey, digits: string) => (/int/.test(type) ? String(Number(digits)) : text(digits));
  return (first, last) => {
    const months = new Map<string, string[]>();
    for (let time = Math.floor(first / DAY) * DAY; time <= last; time += DAY) {
      const [start, dayOfMonth] = [iso(time).slice(0, 7), iso(time).slice(8)];
      months.set(start, [...(months.get(start) ?? []), value(day, dayOfMonth)]);
    }
    const conditions = [...months].map(([start, days]) => {
      const [yyyy = '', mm = ''] = start.split('-');
      return `(${quoted(year.name)} = ${value(year, yyyy)} AND ${quoted(month.name)} = ${value(month, mm)} AND ${quoted(day.name)} IN (${days.join(', ')}))`;
    });
    return `(${conditions.join(' OR ')})`;
  };
}

const iso = (time: number): string => new Date(time).toISOString().slice(0, 10);

function written(format: string, time: number, hour: string): string {
  const [yyyy = '', mm = '', dd = ''] = iso(time).split('-');
  return format.replace('yyyy', yyyy).replace('MM', mm).replace('dd', dd).replace('HH', hour);
}
