/** Changes with the events that made them, edit by edit, and events that left no change; pure, and the same every time. */
import { type Actor, type Attribution, type AuditEvent, type Change, type Edit, type EditAttribution, kindNamed } from '../model.ts';
import { describeActor, sameActor } from './actor.ts';
import { type Explanation, explain } from './explain.ts';
import { type AttributedTransient, type AttributeInput, type AttributeResult, placesOf } from './input.ts';
import { countUnmapped, type Journal, keepJournal } from './journal.ts';
import { weakest } from './match.ts';
import { type Act, compareEvents, newestFirst } from './order.ts';
import { personBehind, refTo } from './person.ts';
import { triggerOf } from './service.ts';
import { isPending, silence } from './status.ts';
import { findTransients } from './transients.ts';
import { inWindow, type Window, within } from './window.ts';

export type { AttributedTransient, AttributeInput, AttributeResult };

export function attribute(input: AttributeInput): AttributeResult {
  const journal = keepJournal(input);
  const changes = input.changes.map(({ change, window }) => attributeChange(change, window, input, journal));
  return {
    changes,
    transients: findTransients(input, journal, changes),
    unmapped: countUnmapped(journal.unknown, input.window),
    effects: journal.effects,
  };
}

function attributeChange(change: Change, window: Window, input: AttributeInput, journal: Journal): Attribution {
  const kind = kindNamed(input.kinds, change.ref.kind);
  if (kind?.events === undefined || kind.events.length === 0) {
    return nobody({ status: 'not-applicable', because: `no audit trail tells who changes a ${kind?.title ?? change.ref.kind}` });
  }
  const full = withStates(change, input);
  const places = placesOf(change.ref, input.kinds);
  const accounts = new Set(places.map(({ account }) => account));
  const acts = journal.actsOn(change.ref).filter(within(window));
  const explained = full.edits.map((edit) => explain(edit, full, acts, kind.collection) ?? byName(edit, change, window, journal, accounts));
  const known = explained.filter((item) => item !== undefined);
  if (known.length === 0) return nobody(silence(places, window, input, journal.writes));
  return assemble(full, window, explained, acts, input, journal);
}

/** Diffs may leave the states out where the edits tell all. */
function withStates(change: Change, { base }: AttributeInput): Change {
  const before = change.before ?? (change.type === 'created' ? undefined : base.before(change.ref));
  const after = change.after ?? (change.type === 'deleted' ? undefined : base.after(change.ref));
  return { ...change, ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) };
}

/** Writes that no rule knows but that name the resource: candidates, never asserted. */
function byName(edit: Edit, change: Change, window: Window, journal: Journal, accounts: ReadonlySet<string>): Explanation | undefined {
  const naming = journal.mentioning(change.ref.id).filter((event) => inWindow(event, window) && accounts.has(event.account));
  return naming.length === 0 ? undefined : { edit, grade: 'candidate', tie: false, events: naming.sort(compareEvents).reverse() };
}

function assemble(
  change: Change,
  window: Window,
  explained: readonly (Explanation | undefined)[],
  history: readonly Act[],
  input: AttributeInput,
  journal: Journal,
): Attribution {
  const known = explained.filter((item) => item !== undefined);
  const asserted = known.filter(({ cause }) => cause !== undefined);
  const grade = weakest(asserted.length > 0 ? asserted.map((item) => item.grade) : known.map((item) => item.grade));
  const complete = asserted.length === change.edits.length;
  const causes = asserted.map(({ cause }) => cause?.event).filter((event) => event !== undefined);
  const lead = [...causes].sort(compareEvents).at(-1);
  const actor = lead === undefined ? undefined : personBehind(lead, input, journal);
  const tie = asserted.some((item) => item.tie);
  const settling = !complete && isPending(window, input.now);
  const status = settling ? 'pending' : tie || asserted.length === 0 ? 'ambiguous' : 'attributed';
  const others = actor === undefined ? [] : otherActors(causes, actor, input, journal);
  const events = distinct([
    ...(lead === undefined ? [] : [lead]),
    ...known.flatMap((item) => item.events),
    ...[...history].sort(newestFirst).map(({ event }) => event),
  ]);
  return {
    status,
    ...(grade === undefined ? {} : { grade }),
    ...(actor === undefined ? {} : { actor }),
    events: events.map(refTo),
    edits: Object.fromEntries(explained.flatMap((item) => (item === undefined ? [] : [[item.edit.path, editAttribution(item)]]))),
    because: reason(change, asserted, lead, tie, others, lead === undefined ? undefined : triggerOf(lead, journal.writes)),
  };
}

function otherActors(causes: readonly AuditEvent[], actor: Actor, input: AttributeInput, journal: Journal): string[] {
  const others = causes.map((event) => personBehind(event, input, journal)).filter((other) => !sameActor(other, actor));
  return [...new Set(others.map(describeActor))].sort();
}

function reason(
  change: Change,
  asserted: readonly Explanation[],
  lead: AuditEvent | undefined,
  tie: boolean,
  others: readonly string[],
  trigger: AuditEvent | undefined,
): string {
  if (lead === undefined) return 'events touched it in the window, but none is known to have made this change';
  const weak = asserted.find((item) => item.grade === weakest(asserted.map(({ grade }) => grade)));
  const cascade = weak?.cause?.effect.cascade;
  const how =
    weak?.grade === 'exact'
      ? `${lead.name} wrote exactly this`
      : weak?.grade === 'cascade'
        ? `a consequence of ${weak.cause?.event.name ?? lead.name}${cascade === undefined ? '' : `: ${cascade}`}`
        : `${weak?.cause?.event.name ?? lead.name} wrote to this place; its record does not tell the value`;
  const parts = [how];
  if (trigger !== undefined) parts.push(`done by a service after ${trigger.name}`);
  if (asserted.length < change.edits.length) parts.push(`${asserted.length} of ${change.edits.length} edits are explained`);
  if (tie) parts.push('another actor’s call in the same second explains it as well');
  if (others.length > 0) parts.push(`other edits are by ${others.join(', ')}`);
  return parts.join('; ');
}

function editAttribution({ events, grade }: Explanation): EditAttribution {
  return { eventIds: events.map(({ id }) => id), grade };
}

function distinct(events: readonly AuditEvent[]): AuditEvent[] {
  return [...new Map(events.map((event) => [event.id, event])).values()];
}

function nobody({ status, because }: Pick<Attribution, 'status' | 'because'>): Attribution {
  return { status, events: [], edits: {}, because };
}
