/**
 * One finding as an Opsgenie alert: message 130 characters, alias 512, description 15,000, 20 tags of 50, details 8,000 in
 * all, note 25,000. The alias is the finding, so that a repeat counts on the alert instead of opening another.
 */
import { cut, type Finding, type JsonObject, type Level, type Message, neutraliseLine } from 'drifttrail';
import { describe } from '../_message/describe.ts';
import { footer, plainLines } from '../_message/text.ts';

export interface OpsgenieCall {
  readonly path: string;
  readonly body: JsonObject;
}

const PRIORITIES: Readonly<Record<Level, string>> = { critical: 'P1', high: 'P2', medium: 'P3', low: 'P4', info: 'P5' };

export function encode(message: Message): OpsgenieCall {
  const [finding] = message.findings;
  // Nobody is to be woken by a test: the lowest priority, and one alias for all tests.
  if (finding === undefined)
    return {
      path: '/v2/alerts',
      body: { message: short(`${message.title}: ${message.subject}`), alias: 'drifttrail/test', priority: 'P5' },
    };
  const alias = `drifttrail/${finding.id}`;
  const to = (action: string) => `/v2/alerts/${encodeURIComponent(alias)}/${action}?identifierType=alias`;
  const note = cut(plainLines(message, 12).join('\n'), 24_000);
  if (message.kind === 'resolve') return { path: to('close'), body: { source: 'drifttrail', note } };
  if (message.kind === 'follow-up') return { path: to('notes'), body: { source: 'drifttrail', note } };
  const { headline, who, lines } = describe(finding);
  return {
    path: '/v2/alerts',
    body: {
      message: short(headline),
      alias,
      description: cut([headline, who, ...lines, '', footer(message)].join('\n'), 15_000),
      priority: PRIORITIES[finding.level],
      source: 'drifttrail',
      entity: cut(neutraliseLine(placeOf(finding)), 512),
      tags: ['drifttrail', finding.level, ...finding.rules.map((rule) => cut(neutraliseLine(rule), 50))].slice(0, 20),
      details: {
        finding: finding.id,
        commit: finding.commit ?? '',
        actor: cut(neutraliseLine(finding.attribution.actor?.name ?? ''), 300),
      },
    },
  };
}

function short(text: string): string {
  return cut(neutraliseLine(text), 130);
}

function placeOf({ change, transient, coverage }: Finding): string {
  const ref = (change ?? transient)?.ref;
  return ref === undefined ? (coverage?.gap.scope ?? 'drifttrail') : `${ref.scope} ${ref.id}`;
}
