/** What an event that no kind knows was about, from the names of its parameters alone. */
import type { AuditEvent, Json, Ref } from '../model.ts';
import { isObject } from '../pointer.ts';

/** How services call the parameter that names a resource; the word before says of what. */
const NAMES_IT = /^(.*?)(?:identifier|id|arn|name|url)$/i;
/** Parameters that end so and name something else: a client's token, a page, a person's address. */
const NAMES_ELSE =
  /^(request|clientrequest|client|token|page|version|nexttoken|creatorrequest|host|display|attribute|policyname|session|statement)/i;

/** No kind of ours knows the event: what the trail says it was about, else its service and the resource that its parameters name. */
export function untrackedRef(event: AuditEvent): Ref {
  const { source, account, region, extra } = event;
  const told = isObject(extra?.ref) ? extra.ref : {};
  return {
    scope: textOf(told.scope) ?? (source.startsWith('linux-') ? `hosts/${account}` : `aws/${account}/${region}`),
    kind: textOf(told.kind) ?? source.replace(/\.amazonaws\.com$/, ''),
    id: textOf(told.id) ?? resourceIdOf(event),
  };
}

const textOf = (value: Json | undefined): string | undefined => (typeof value === 'string' ? value : undefined);

/** The id in the request that the event's own name speaks of, else the first; then what the record lists, the answer, the event's name. */
export function resourceIdOf(event: AuditEvent): string {
  const subject = event.name.replace(/^[A-Z][a-z]+/, '').toLowerCase();
  return (
    best(candidatesOf(event.request), subject) ??
    listed(event.extra?.resources) ??
    best(candidatesOf(event.response), subject) ??
    event.name
  );
}

interface Candidate {
  readonly word: string;
  readonly value: string;
}

/** Of the newer EC2 calls the whole request is the only member. */
function candidatesOf(body: Json): readonly Candidate[] {
  if (!isObject(body)) return [];
  const members = Object.values(body);
  const inner = members.length === 1 && isObject(members[0]) ? members[0] : body;
  return Object.entries(inner).flatMap(([key, value]) => {
    const [, word] = NAMES_IT.exec(key) ?? [];
    const text = Array.isArray(value) && value.length === 1 ? value[0] : value;
    if (word === undefined || typeof text !== 'string' || text === '' || NAMES_ELSE.test(key)) return [];
    return [{ word: word.toLowerCase(), value: text }];
  });
}

function best(candidates: readonly Candidate[], subject: string): string | undefined {
  const fits = ({ word }: Candidate) => (word === '' ? 1 : subject.includes(word) ? 1 + word.length : 0);
  return [...candidates].sort((a, b) => fits(b) - fits(a))[0]?.value;
}

function listed(resources: Json | undefined): string | undefined {
  const first = Array.isArray(resources) ? (resources[0] as unknown) : undefined;
  const arn = isObject(first) ? (first.ARN ?? first.arn) : undefined;
  return typeof arn === 'string' ? arn : undefined;
}
