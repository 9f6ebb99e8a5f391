/** What changed before an incident, as a note beside it. https://developer.pagerduty.com/api-reference/ (create a note on an incident) */
import { cut, type JsonObject, type Message, neutraliseLine } from 'drifttrail';
import { fitting, plainLines } from '../_message/text.ts';

/** Characters; PagerDuty tells no limit, and who is woken reads no more. */
const MOST = 8000;

export interface Note {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: JsonObject;
}

export function noteOf(message: Message, incident: string, { token, from }: { readonly token: string; readonly from: string }): Note {
  const form = (part: Message, lines: number) =>
    [`drifttrail: ${cut(neutraliseLine(part.title), 200)}`, ...plainLines(part, lines)].join('\n');
  return {
    path: `/incidents/${encodeURIComponent(incident)}/notes`,
    headers: { authorization: `Token token=${token}`, accept: 'application/vnd.pagerduty+json;version=2', from },
    body: { note: { content: fitting(message, form, (text) => text.length <= MOST) } },
  };
}
