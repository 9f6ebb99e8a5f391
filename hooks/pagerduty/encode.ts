/**
 * One finding as an event of PagerDuty's Events API v2: summary ≤1,024 characters, dedup_key ≤255, the whole ≤512 KB.
 * What wakes somebody is a trigger; what is worth knowing beside an incident is a change event.
 */
import { cut, type Finding, type JsonObject, type Level, type Message, neutraliseLine } from 'drifttrail';
import { describe, findingWithin } from '../_message/describe.ts';

export interface PagerDutyCall {
  readonly path: '/v2/enqueue' | '/v2/change/enqueue';
  readonly body: JsonObject;
}

const LEVELS: readonly Level[] = ['info', 'low', 'medium', 'high', 'critical'];
const SEVERITIES: Readonly<Record<Level, string>> = { critical: 'critical', high: 'error', medium: 'warning', low: 'info', info: 'info' };
const MOST_BYTES = 480_000;
const SUMMARY = 1024;
const SOURCE = 255;

/**
 * A follow-up is a change event too: PagerDuty would open a new incident if somebody has resolved the first one by then.
 * `trigger` is the least level that wakes somebody.
 */
export function encode(message: Message, routingKey: string, trigger: Level, now: string): PagerDutyCall {
  const [finding] = message.findings;
  const wakes = finding !== undefined && LEVELS.indexOf(finding.level) >= LEVELS.indexOf(trigger);
  if (wakes && message.kind === 'resolve')
    return { path: '/v2/enqueue', body: { routing_key: routingKey, event_action: 'resolve', dedup_key: keyOf(finding) } };
  if (wakes && (message.kind === 'changes' || message.kind === 'coverage' || message.kind === 'alert')) {
    const event: JsonObject = {
      routing_key: routingKey,
      event_action: 'trigger',
      dedup_key: keyOf(finding),
      client: 'drifttrail',
      ...linksOf(message),
      payload: {
        summary: summaryOf(message, finding),
        source: sourceOf(finding),
        severity: SEVERITIES[finding.level],
        timestamp: timeOf(finding, now),
        ...(finding.change === undefined
          ? {}
          : { component: cut(neutraliseLine(finding.change.ref.kind), SOURCE), class: finding.change.type }),
        custom_details: details(message, finding),
      },
    };
    return { path: '/v2/enqueue', body: event };
  }
  const change: JsonObject = {
    routing_key: routingKey,
    ...linksOf(message),
    payload: {
      summary: summaryOf(message, finding),
      source: finding === undefined ? 'drifttrail' : sourceOf(finding),
      timestamp: finding === undefined ? now : timeOf(finding, now),
      ...(finding === undefined ? {} : { custom_details: details(message, finding) }),
    },
  };
  return { path: '/v2/change/enqueue', body: change };
}

function keyOf({ id }: Finding): string {
  return `drifttrail/${id}`;
}

function summaryOf(message: Message, finding: Finding | undefined): string {
  if (finding === undefined) return cut(neutraliseLine(`${message.title}: ${message.subject}`), SUMMARY);
  const { headline, who } = describe(finding);
  const lead = message.kind === 'resolve' ? 'put back: ' : message.kind === 'follow-up' ? 'now attributed: ' : '';
  return cut(`${lead}${headline} · ${who}`, SUMMARY);
}

function sourceOf({ change, transient, coverage }: Finding): string {
  return cut(neutraliseLine((change ?? transient)?.ref.scope ?? coverage?.gap.scope ?? 'drifttrail'), SOURCE) || 'drifttrail';
}

function timeOf({ attribution, window }: Finding, now: string): string {
  const time = attribution.events[0]?.time ?? window.to;
  return Number.isNaN(Date.parse(time)) ? now : new Date(time).toISOString();
}

function details(message: Message, finding: Finding): JsonObject {
  return { ...findingWithin(finding, MOST_BYTES), link: cut(neutraliseLine(message.link), 300) };
}

function linksOf({ link }: Message): JsonObject {
  return /^https?:\/\/\S+$/.test(link) && link.length <= 2000 ? { links: [{ href: link, text: 'drifttrail' }] } : {};
}
