/** What a rule sees of a finding: the change element by element, the events behind it, who did it, and what stands around. */
import type { Actor, AuditEvent, Change, Edit, Effect, Json, Ref } from '../model.ts';
import { isObject, pointer, segmentsOf, valueAt } from '../pointer.ts';
import type { Variables } from './cel.ts';
import { policiesWritten } from './documents.ts';
import { type Opening, openingOfKey, openingsOfEvent, together } from './firewall.ts';
import { linesOf } from './lines.ts';
import { NO_NEIGHBOURS, type Neighbours } from './neighbours.ts';
import { once } from './once.ts';
import { isDefaultRoute, rangesOf } from './reach.ts';
import { surroundingsOf } from './surroundings.ts';

/** One element that came, went or changed: `group` and `key` are the first two segments of its path. */
interface Element {
  readonly group: string;
  readonly key: string;
  /** What is below the element, when only a part of it changed. */
  readonly rest: string;
  readonly path: string;
  readonly before: Json;
  readonly after: Json;
  /** Whether the key is the whole internet, as a range or a prefix list. */
  readonly world: boolean;
}
type Part = Omit<Element, 'world'>;

export interface Subject {
  readonly change?: Change;
  /** The event a rule for events judges. */
  readonly event?: AuditEvent;
  readonly events?: readonly AuditEvent[];
  readonly actor?: Actor;
  readonly transient?: { readonly duration?: number };
  readonly neighbours?: Neighbours;
}

/** What takes work is worked out when a rule asks for it, once. */
export function factsOf(subject: Subject): Variables {
  const { change, event } = subject;
  const neighbours = subject.neighbours ?? NO_NEIGHBOURS;
  const elements = once(() => (change === undefined ? [] : elementsOfChange(change, neighbours)));
  const added = once(() => elements().filter((element) => element.before === null && element.rest === ''));
  const actor = subject.actor ?? event?.actor;
  const config = change?.after ?? change?.before;
  const openings = once(() => [
    ...(change === undefined ? [] : openingsOfChange(change, added(), neighbours)),
    ...(event === undefined ? [] : openingsOfEvent(event.name, event.request, event.account)),
  ]);
  const lines = once(() => linesOf(change));
  const policies = once(() => policiesWritten(change, event));
  const around = once(() =>
    surroundingsOf({ ref: change?.ref, config, openings: openings(), ...(change === undefined ? {} : { change }) }, neighbours),
  );
  const told = once(() => (change === undefined ? null : changeFacts(change)));
  const eventTold = once(() => (event === undefined ? null : eventFacts(event)));
  const events = once(() => (subject.events ?? []).map(eventFacts));
  return {
    get change() {
      return told();
    },
    resource: resourceName(change),
    before: change?.before ?? null,
    after: change?.after ?? null,
    get added() {
      return added();
    },
    get removed() {
      return elements().filter((element) => element.after === null && element.rest === '');
    },
    get modified() {
      return elements().filter((element) => (element.before !== null && element.after !== null) || element.rest !== '');
    },
    get lines() {
      return lines();
    },
    get policies() {
      return policies();
    },
    get openings() {
      return openings();
    },
    get event() {
      return eventTold();
    },
    get events() {
      return events();
    },
    actor: actor === undefined ? null : actorFacts(actor),
    account: accountOf(change?.ref) ?? event?.account ?? '',
    get neighbours() {
      return around();
    },
    transient: subject.transient === undefined ? null : { duration: subject.transient.duration ?? -1 },
  };
}

function changeFacts(change: Change) {
  return {
    type: change.type,
    kind: change.ref.kind,
    id: change.ref.id,
    scope: change.ref.scope,
    name: change.name ?? '',
    path: change.path,
    edits: change.edits.map((edit) => ({ ...edit, segments: segmentsOf(edit.path) })),
  };
}

function elementsOfChange(change: Change, neighbours: Neighbours): readonly Element[] {
  return change.edits
    .flatMap((edit) => elementsOf(edit))
    .map((part) => ({ ...part, world: isDefaultRoute(part.key, change.ref.scope, neighbours) }));
}

function resourceName(change: Change | undefined): string {
  if (change === undefined) return '';
  return change.name === undefined || change.name === change.ref.id ? change.ref.id : `${change.ref.id} (${change.name})`;
}

/** An edit as elements. A whole resource that came or went is taken apart, so that a rule need not care how it came. */
function elementsOf(edit: Edit): readonly Part[] {
  const [group = '', key = '', ...rest] = segmentsOf(edit.path);
  if (key !== '')
    return [{ group, key, rest: rest.length === 0 ? '' : pointer(...rest), path: edit.path, before: edit.before, after: edit.after }];
  const names = new Set([
    ...(isObject(edit.before) ? Object.keys(edit.before) : []),
    ...(isObject(edit.after) ? Object.keys(edit.after) : []),
  ]);
  if (names.size === 0 || (group !== '' && !onlyObjects(edit)))
    return [{ group, key: '', rest: '', path: edit.path, before: edit.before, after: edit.after }];
  return [...names].flatMap((name) =>
    elementsOf({ path: `${edit.path}${pointer(name)}`, before: childOf(edit.before, name), after: childOf(edit.after, name) }),
  );
}

function onlyObjects(edit: Edit): boolean {
  return [edit.before, edit.after].every((side) => side === null || isObject(side));
}

function childOf(value: Json, name: string): Json {
  return valueAt(value, pointer(name)) ?? null;
}

/** What a change lets through that did not pass before. */
export function openingsIn(change: Change, neighbours: Neighbours): readonly Opening[] {
  const added = change.edits.flatMap((edit) => elementsOf(edit)).filter(({ before, rest }) => before === null && rest === '');
  return openingsOfChange(change, added, neighbours);
}

/** Rules that a group got, and those of a group that an interface got. */
function openingsOfChange(change: Change, added: readonly Pick<Element, 'group' | 'key'>[], neighbours: Neighbours): readonly Opening[] {
  const { kind, scope } = change.ref;
  const resolve = (list: string) => rangesOf(list, scope, neighbours);
  const openingsOf = (keys: readonly string[]) => together(keys.flatMap((key) => openingOfKey(key, resolve) ?? []));
  if (kind === 'aws.ec2.security-group') return openingsOf(added.flatMap(({ group, key }) => (group === 'rules' ? [key] : [])));
  if (kind !== 'aws.ec2.network-interface') return [];
  return added.flatMap(({ group, key }) => {
    const rules = group === 'groups' ? valueAt(neighbours.get({ scope, kind: 'aws.ec2.security-group', id: key }), '/rules') : undefined;
    return isObject(rules) ? openingsOf(Object.keys(rules)) : [];
  });
}

function accountOf(ref: Ref | undefined): string | undefined {
  const [root, account] = ref?.scope.split('/') ?? [];
  return root === 'aws' ? account : undefined;
}

/** Lambda and CloudFront append the API's date to the event name: AddPermission20150331v2. */
export function actionOf(name: string): string {
  return name.trim().replace(/(20\d{2}_?\d{2}_?\d{2})(v\d)?$/, '');
}

/** What a rule sees of an event by its name alone. */
export function callFacts({ source, name }: Pick<AuditEvent, 'source' | 'name'>): Readonly<Record<string, unknown>> {
  return { name, action: actionOf(name), source, service: source.replace(/\.amazonaws\.com$/, '') };
}

function eventFacts(event: AuditEvent): Readonly<Record<string, unknown>> {
  return {
    id: event.id,
    ...callFacts(event),
    time: event.time,
    account: event.account,
    region: event.region,
    readOnly: event.readOnly,
    request: event.request,
    response: event.response,
    extra: event.extra ?? {},
    error: event.error ?? null,
  };
}

function actorFacts(actor: Actor): Readonly<Record<string, unknown>> {
  return {
    name: actor.name,
    type: actor.type,
    arn: actor.arn ?? '',
    role: actor.role ?? '',
    via: actor.via,
    sourceIp: actor.sourceIp ?? '',
    mfa: actor.mfa === null ? 'unknown' : actor.mfa ? 'yes' : 'no',
    service: actor.service ?? '',
  };
}

/** The change that an event's effects on one resource amount to, as far as the record tells; for events without a snapshot. */
export function pseudoChange(ref: Ref, effects: readonly Effect[], path = ''): Change {
  const whole = effects.find((effect) => effect.path === '' && (effect.op === 'create' || effect.op === 'delete'));
  const edits = effects.filter((effect) => effect.path !== '' && !effect.path.endsWith('/**')).map((effect) => editOf(effect));
  const type = whole === undefined ? 'modified' : whole.op === 'create' ? 'created' : 'deleted';
  const after = whole?.op === 'create' ? whole.config : undefined;
  return { type, ref, path, edits: whole === undefined ? edits : [editOf(whole), ...edits], ...(after === undefined ? {} : { after }) };
}

/** A value that the record does not tell still came or went: an empty object stands for it. */
function editOf(effect: Effect): Edit {
  const gone = effect.op === 'delete' || effect.op === 'unset';
  const value = effect.value ?? effect.config ?? {};
  return { path: effect.path, before: gone ? value : null, after: gone ? null : value };
}
