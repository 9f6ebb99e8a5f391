/** What a scenario was made of, so that nobody need take it on trust. */
import exporter from '../../../exporters/aws/index.ts';
import type { JsonObject } from '../../../src/model.ts';
import type { Round } from './score.ts';
import { silentWrites, type Trace } from './truth.ts';

export interface Census {
  readonly resources: number;
  readonly rounds: number;
  readonly calls: number;
  readonly failed: number;
  readonly accounts: readonly string[];
  readonly regions: readonly string[];
  /** Who wrote something successfully, and what kind of identity or channel that was. */
  readonly people: readonly string[];
  readonly channels: readonly string[];
  /** Leaves that more than one person wrote within a window. */
  readonly contended: number;
  /** Successful writes that shared their second with another in the same account. */
  readonly sameSecond: number;
  /** Names of calls that succeeded. */
  readonly events: readonly string[];
  /** Places that were changed and were as before at the next snapshot. */
  readonly undone: number;
}

/** What the evaluation promises to have tried, per seed. */
export const MINIMA = {
  resources: 300,
  rounds: 12,
  accounts: 2,
  regions: 3,
  people: 6,
  channels: 4,
  failed: 1,
  contended: 1,
  sameSecond: 1,
  undone: 1,
} as const;

/** What the exporter maps and nobody played. */
export function neverPlayed(events: readonly string[]): string[] {
  const mapped = Object.values(exporter.kinds).flatMap((kind) => (kind.events ?? []).map(({ name }) => name));
  return [...new Set(mapped)].filter((name) => !events.includes(name)).sort();
}

export function censusOf(resources: number, rounds: readonly Pick<Round, 'traces' | 'net'>[]): Census {
  const traces = rounds.flatMap((round) => round.traces);
  const done = traces.filter(({ refused }) => !refused);
  const distinct = (values: readonly string[]) => [...new Set(values)].sort();
  return {
    resources,
    rounds: rounds.length,
    calls: traces.length,
    failed: traces.length - done.length,
    accounts: distinct(done.map(({ record }) => String(record.recipientAccountId))),
    regions: distinct(done.flatMap(({ record }) => (record.eventSource === 'ec2.amazonaws.com' ? [String(record.awsRegion)] : []))),
    people: distinct(done.map(({ who }) => who)),
    channels: distinct(done.flatMap(({ record }) => channelsOf(record))),
    contended: rounds.reduce((sum, round) => sum + contendedLeaves(round.traces), 0),
    sameSecond: sharedSeconds(done),
    events: distinct(done.map(({ record }) => String(record.eventName))),
    undone: rounds.reduce((sum, { traces: all, net }) => sum + silentWrites(all, net).length, 0),
  };
}

export function addCensus(all: readonly Census[]): Census {
  const union = (pick: (one: Census) => readonly string[]) => [...new Set(all.flatMap(pick))].sort();
  const sum = (pick: (one: Census) => number) => all.reduce((total, one) => total + pick(one), 0);
  return {
    resources: Math.min(...all.map((one) => one.resources)),
    rounds: sum((one) => one.rounds),
    calls: sum((one) => one.calls),
    failed: sum((one) => one.failed),
    accounts: union((one) => one.accounts),
    regions: union((one) => one.regions),
    people: union((one) => one.people),
    channels: union((one) => one.channels),
    contended: sum((one) => one.contended),
    sameSecond: sum((one) => one.sameSecond),
    events: union((one) => one.events),
    undone: sum((one) => one.undone),
  };
}

/** What a scenario falls short of, in words. */
export function shortfalls(census: Census): string[] {
  return (Object.keys(MINIMA) as (keyof typeof MINIMA)[]).flatMap((name) => {
    const found = census[name];
    const count = typeof found === 'number' ? found : found.length;
    return count < MINIMA[name] ? [`${name}: ${count}, wanted at least ${MINIMA[name]}`] : [];
  });
}

/** `IAMUser`, `AssumedRole`; `console`, `terraform`. */
function channelsOf(record: JsonObject): string[] {
  const identity = record.userIdentity as JsonObject;
  const agent = String(record.userAgent);
  return [
    String(identity.type),
    ...(record.sessionCredentialFromConsole === 'true' ? ['console'] : []),
    ...(agent.includes('Terraform/') ? ['terraform'] : []),
  ];
}

function contendedLeaves(traces: readonly Trace[]): number {
  const writers = new Map<string, Set<string>>();
  for (const { leaves, who } of traces) {
    for (const [key, paths] of leaves) {
      for (const path of paths) writers.set(`${key} ${path}`, (writers.get(`${key} ${path}`) ?? new Set()).add(who));
    }
  }
  return [...writers.values()].filter((people) => people.size > 1).length;
}

function sharedSeconds(done: readonly Trace[]): number {
  const seconds = new Map<string, number>();
  const secondOf = ({ record }: Trace) => `${record.recipientAccountId} ${record.eventTime}`;
  for (const trace of done) seconds.set(secondOf(trace), (seconds.get(secondOf(trace)) ?? 0) + 1);
  return [...seconds.values()].filter((count) => count > 1).reduce((sum, count) => sum + count, 0);
}
