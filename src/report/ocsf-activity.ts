/** Audit events as OCSF API Activity, one JSON object a line. https://schema.ocsf.io/1.3.0/classes/api_activity */
import type { AuditEvent, Finding, JsonObject } from '../model.ts';
import { clean } from './clean.ts';
import { actorOf, apiOf, baseOf, endpointOf, type OcsfClass, type OcsfOptions } from './ocsf-objects.ts';
import { actText, resourceText } from './words.ts';

const API_ACTIVITY: OcsfClass = { category: [6, 'Application Activity'], class: [6003, 'API Activity'] };
const READ = [2, 'Read'] as const;
const ACTIVITIES = { created: [1, 'Create'], modified: [3, 'Update'], deleted: [4, 'Delete'] } as const;

/** What an event's finding does not say of it. */
export type Call = Pick<AuditEvent, 'readOnly' | 'error'>;

/** A line an event. `calls`: by finding. The finding says what it did to what, and how much that matters. */
export function* activityLines(findings: readonly Finding[], calls: ReadonlyMap<string, Call>, options: OcsfOptions): Generator<string> {
  for (const finding of findings) yield `${JSON.stringify(toActivity(finding, calls.get(finding.id), options))}\n`;
}

function toActivity(finding: Finding, call: Call | undefined, options: OcsfOptions): JsonObject {
  const { actor, events } = finding.attribution;
  const [event = { id: finding.id, name: 'unknown', source: 'unknown', time: finding.window.to }] = events;
  const activity = call?.readOnly === true ? READ : ACTIVITIES[finding.change?.type ?? 'modified'];
  const error = call?.error;
  return {
    ...baseOf(finding, API_ACTIVITY, activity, Date.parse(event.time), options),
    message: clean(`${resourceText(finding, options.titles)}: ${actText(finding)}`),
    ...(error === undefined
      ? { status: 'Success', status_id: 1 }
      : { status: 'Failure', status_id: 2, status_code: clean(error.code), status_detail: clean(error.message) }),
    // Both are required, and of some machines' records nothing is known of where it came from.
    actor: actor === undefined ? { user: { name: 'unknown' } } : actorOf(actor),
    src_endpoint: (actor === undefined ? undefined : endpointOf(actor)) ?? { name: 'unknown' },
    api: {
      ...apiOf(event),
      ...(error === undefined ? {} : { response: { error: clean(error.code), error_message: clean(error.message) } }),
    },
  };
}
