/** Changes with the events that made them, edit by edit, and events that left no change; pure, and the same every time. */
import {
  type Attribution,
  type AuditEvent,
  type Author,
  type Change,
  type Edit,
  type EditAttribution,
  kindNamed,
  type TrailPlace,
} from '../model.ts';
import { describeActor } from './actor.ts';
import { type Explanation, explain } from './explain.ts';
import { type AttributedTransient, type AttributeInput, type AttributeResult, placesOf } from './input.ts';
import { countUnmapped, type Journal, keepJournal } from './journal.ts';
import { decisive, type Share, sharesOf } from './lead.ts';
import { weakest } from './match.ts';
import { type Act, compareEvents, newestFirst } from './order.ts';
import { personBehind, refTo } from './person.ts';
import { triggerOf } from './service.ts';
import { isPending, silence } from './status.ts';
import { findTransients } from './transients.ts';
import { ASTRAY, distance, inWindow, type Window, within } from './window.ts';

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
  const explained = full.edits.map((edit) => {
    const found = explain(edit, full, acts, kind.collection);
    if (found?.cause !== undefined) return found;
    return byOtherClock(edit, full, window, journal) ?? found ?? byName(edit, change, window, journal, accounts);
  });
  const known = explained.filter((item) => item !== undefined);
  if (known.length === 0) return nobody(silence(places, window, input, journal.writes));
  return assemble(full, { window, places, explained, history: acts }, input, journal);
}

/** Diffs may leave the states out where the edits tell all. */
function withStates(change: Change, { base }: AttributeInput): Change {
  const before = change.before ?? (change.type === 'created' ? undefined : base.before(change.ref));
  const after = change.after ?? (change.type === 'deleted' ? undefined : base.after(change.ref));
  return { ...change, ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) };
}

/**
 * What fits exactly, a little before or after the window: the clocks of whoever looks and of whoever records may differ that
 * much. It may be chance as well: told, and not asserted.
 */
function byOtherClock(edit: Edit, change: Change, window: Window, journal: Journal): Explanation | undefined {
  const isNear = within(window);
  const far = journal.actsOn(change.ref).filter((act) => within(window, ASTRAY)(act) && !isNear(act));
  const found = far.length === 0 ? undefined : explain(edit, change, far);
  if (found?.cause === undefined || found.grade !== 'exact' || found.tie) return undefined;
  return { ...found, grade: 'candidate', astray: distance(found.cause, window) };
}

/** Writes that no rule knows but that name the resource: candidates, never asserted. */
function byName(edit: Edit, change: Change, window: Window, journal: Journal, accounts: ReadonlySet<string>): Explanation | undefined {
  const naming = journal.mentioning(change.ref.id).filter((event) => inWindow(event, window) && accounts.has(event.account));
  return naming.length === 0 ? undefined : { edit, grade: 'candidate', tie: false, events: naming.sort(compareEvents).reverse() };
}

interface Findings {
  readonly window: Window;
  readonly places: readonly TrailPlace[];
  /** In the order of the change's edits. */
  readonly explained: readonly (Explanation | undefined)[];
  readonly history: readonly Act[];
}

function assemble(change: Change, { window, places, explained, history }: Findings, input: AttributeInput, journal: Journal): Attribution {
  const known = explained.filter((item) => item !== undefined);
  const asserted = known.flatMap((item) => (item.cause === undefined ? [] : [{ ...item, event: item.cause.event }]));
  const shares = sharesOf(asserted.map(({ edit, event }) => ({ edit, event, actor: personBehind(event, input, journal) })));
  const unclaimed = change.edits.filter(({ path }) => !asserted.some(({ edit }) => edit.path === path));
  const share = decisive(change, shares, unclaimed, input.weigh);
  const lead = share?.events[0];
  const open = known.filter(({ cause }) => cause === undefined);
  const grade = weakest((share === undefined ? open : asserted).map((item) => item.grade));
  const tie = asserted.some((item) => item.tie);
  const astray = asserted.filter((item) => item.astray !== undefined);
  const settling = unclaimed.length + astray.length > 0 && isPending(window, input.now);
  // Nobody is known to have done what matters: the trail says why, unless there are candidates.
  const silent = share === undefined && open.length === 0 ? silence(places, window, input, journal.writes) : undefined;
  const isUnsure = tie || share === undefined || astray.some(({ edit }) => share.edits.includes(edit));
  const status = settling ? 'pending' : (silent?.status ?? (isUnsure ? 'ambiguous' : 'attributed'));
  const others = shares.filter((other) => other !== share);
  const events = distinct([
    ...(lead === undefined ? [] : [lead]),
    ...(share === undefined ? open : asserted.filter(({ edit }) => share.edits.includes(edit))).flatMap((item) => item.events),
    ...known.flatMap((item) => item.events),
    ...[...history].sort(newestFirst).map(({ event }) => event),
  ]);
  return {
    status,
    ...(grade === undefined ? {} : { grade }),
    ...(share === undefined ? {} : { actor: share.actor }),
    events: events.map(refTo),
    edits: Object.fromEntries(known.map((item) => [item.edit.path, editAttribution(item)])),
    ...(others.length === 0 ? {} : { authors: [...(share === undefined ? [] : [share]), ...others].map(authorOf) }),
    because: [
      ...(lead === undefined || share === undefined
        ? [silent?.because ?? 'events touched it in the window, but none is known to have made this change']
        : reasons(asserted, share, lead, triggerOf(lead, journal.writes))),
      ...(asserted.length > 0 && unclaimed.length > 0 ? [`${asserted.length} of ${change.edits.length} edits are explained`] : []),
      ...(share !== undefined && tie ? ['another actor’s call in the same second explains it as well'] : []),
      ...(others.length > 0 ? [`other edits are by ${named(others)}`] : []),
    ].join('; '),
  };
}

function authorOf({ actor, edits }: Share): Author {
  return { actor, paths: edits.map(({ path }) => path).sort() };
}

function named(shares: readonly Share[]): string {
  return [...new Set(shares.map(({ actor }) => describeActor(actor)))].sort().join(', ');
}

/** How sure it is that these are the causes, by the weakest. */
function reasons(asserted: readonly Explanation[], share: Share, lead: AuditEvent, trigger: AuditEvent | undefined): string[] {
  const own = asserted.filter(({ edit }) => share.edits.includes(edit));
  const weak = own.find((item) => item.grade === weakest(own.map(({ grade }) => grade)));
  const cascade = weak?.cause?.effect.cascade;
  const how =
    weak?.grade === 'exact' || weak?.astray !== undefined
      ? `${lead.name} wrote exactly this`
      : weak?.grade === 'cascade'
        ? `a consequence of ${weak.cause?.event.name ?? lead.name}${cascade === undefined ? '' : `: ${cascade}`}`
        : `${weak?.cause?.event.name ?? lead.name} wrote to this place; its record does not tell the value`;
  return [
    how,
    ...(weak?.astray === undefined
      ? []
      : [`at ${lead.time}, ${minutes(weak.astray)} the window in which it changed: do the clocks differ?`]),
    ...(trigger === undefined ? [] : [`done by a service after ${trigger.name}`]),
  ];
}

function minutes(milliseconds: number): string {
  return `${Math.ceil(Math.abs(milliseconds) / 60_000)} min ${milliseconds < 0 ? 'before' : 'after'}`;
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
