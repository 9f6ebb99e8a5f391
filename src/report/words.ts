/** The sentences about a finding that every form of the report shares: what happened, to what, by whom, when. */
import type { Actor, Attribution, Edit, Effect, Finding, Json, Ref, Via } from '../model.ts';
import { isObject, segmentsOf } from '../pointer.ts';
import { clean, cut } from './clean.ts';

/** `aws.ec2.route-table` is a "route table"; exporters' titles win where they are given. */
export function kindTitle(kind: string, titles: Readonly<Record<string, string>> = {}): string {
  return titles[kind] ?? (kind.split('.').at(-1) ?? kind).replaceAll('-', ' ');
}

/** Kind → singular noun, as the exporters call them. */
export function titlesOf(kinds: Readonly<Record<string, { readonly title: string }>>): Record<string, string> {
  return Object.fromEntries(Object.entries(kinds).map(([name, { title }]) => [name, title]));
}

export function refOf(finding: Finding): Ref | undefined {
  return finding.change?.ref ?? finding.transient?.ref;
}

/** `route table rtb-0a1 (private-a)` */
export function resourceText(finding: Finding, titles?: Readonly<Record<string, string>>): string {
  const { coverage } = finding;
  if (coverage !== undefined)
    return clean(`${coverage.gap.scope}${coverage.gap.kind === undefined ? '' : ` ${kindTitle(coverage.gap.kind, titles)}`}`);
  const ref = refOf(finding);
  if (ref === undefined) return firstEvent(finding)?.name ?? 'event';
  // An event that no kind knows has no resource of its own: its service stands there.
  if (ref.id === firstEvent(finding)?.name) return clean(ref.kind);
  const name = finding.change?.name ?? finding.transient?.name;
  return clean(`${kindTitle(ref.kind, titles)} ${ref.id}${name === undefined || name === ref.id ? '' : ` (${name})`}`);
}

function firstEvent(finding: Finding): Attribution['events'][number] | undefined {
  return finding.attribution.events[0];
}

/** What happened, in a few words: `deleted route 0.0.0.0/0`. */
export function actText(finding: Finding): string {
  const { change, transient, coverage } = finding;
  if (coverage !== undefined) return coverage.type === 'lost' ? `cannot be read (${coverage.gap.reason})` : 'can be read again';
  if (change !== undefined) {
    if (change.edits.length === 0) return clean(firstEvent(finding)?.name ?? change.type);
    if (change.sameMeaning) return 'layout, order or comments only';
    return change.type === 'modified' ? acts(change.edits, change.readAs !== undefined) : change.type;
  }
  const edits = (transient?.effects ?? []).map(effectEdit);
  // Of something that nobody records there is no trace to be missed.
  if (edits.length === 0) return clean(firstEvent(finding)?.name ?? 'called');
  return `${acts(edits)}, ${transient?.duration === undefined ? 'which changed nothing that can be seen' : 'left no trace'}`;
}

export function effectEdit(effect: Effect): Edit {
  const gone = effect.op === 'delete' || effect.op === 'unset';
  // Written, or something below it: what, the record does not tell.
  const vague = effect.op === 'set' && effect.value === undefined && (effect.path === '' || effect.path.endsWith('/**'));
  if (vague) return { path: effect.path, before: null, after: null };
  const value = effect.value ?? {};
  return { path: effect.path, before: gone ? value : null, after: gone ? null : value };
}

function acts(edits: readonly Edit[], isFile = false): string {
  const shown = edits.slice(0, 2).map((edit) => editText(edit, isFile));
  return `${shown.join('; ')}${edits.length > 2 ? ` and ${edits.length - 2} more` : ''}`;
}

/**
 * One edit in words: `deleted route 0.0.0.0/0`, `added rule ingress tcp 22 0.0.0.0/0`, `enableDnsSupport true → false`.
 * The leaf of a file that was read as data is told by its path: what its names mean, only its owner knows.
 */
export function editText(edit: Edit, isFile = false): string {
  const segments = segmentsOf(edit.path.replace(/\/\*\*$/, ''));
  const [group = '', key] = segments;
  const whole = segments.length <= 2;
  const member = singular(spaced(group));
  const label = isFile
    ? clean(`/${segments.join('/')}`)
    : clean(key === undefined ? group : whole ? `${member} ${key}` : `${member} ${key} ${segments.slice(2).join('/')}`);
  if (segments.length === 0)
    return edit.before !== null && edit.after === null ? 'deleted' : edit.before === null && edit.after !== null ? 'created' : 'changed';
  // An audit record may tell that a value was set, and not which.
  if (edit.before === null && edit.after === null) return `changed ${label}`;
  // An ARN that ends in the name says the name already.
  const value = (json: Json) => (label.endsWith(scalar(json).trim()) ? '' : scalar(json));
  if (edit.before === null) return `added ${label}${value(edit.after)}`;
  if (edit.after === null) return `deleted ${label}${value(edit.before)}`;
  const [before, after] = [scalar(edit.before), scalar(edit.after)];
  return before === '' || after === '' ? `changed ${label}` : `${label}:${before} →${after}`;
}

function scalar(value: Json): string {
  if (value === null || isObject(value) || Array.isArray(value) || value === '') return '';
  return ` ${cut(clean(String(value)), 48)}`;
}

/** `attachedPolicies` → `attached policies` */
function spaced(group: string): string {
  return group.replaceAll(/(?<=[a-z])[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

/** Of the words that exporters choose; `table sales.orders` is somebody's name for a thing and stays. */
function singular(group: string): string {
  if (!/^[A-Za-z]+(?: [a-z]+)*$/.test(group)) return group;
  if (group.endsWith('ies')) return `${group.slice(0, -3)}y`;
  return group.endsWith('s') && !group.endsWith('ss') ? group.slice(0, -1) : group;
}

const CHANNELS: Readonly<Record<Exclude<Via, 'unknown'>, string>> = {
  console: 'console session',
  cli: 'command line',
  sdk: 'SDK',
  terraform: 'Terraform',
  opentofu: 'OpenTofu',
  pulumi: 'Pulumi',
  cdk: 'CDK',
  cloudformation: 'CloudFormation',
  cloudshell: 'CloudShell',
  service: 'an AWS service',
  ssh: 'SSH',
};

/** `alice as Admin, console session` */
function actorText(actor: Actor): string {
  const role = actor.role === null || actor.role === actor.name ? '' : ` as ${actor.role}`;
  return clean(`${actor.name}${role}${through(actor)}${actor.via === 'unknown' ? '' : `, ${channelOf(actor)}`}`);
}

/** Who acts in a host or a cluster without being a person. */
const MACHINES: ReadonlySet<string> = new Set(['Service', 'ServiceAccount', 'Node', 'Component']);

/** A daemon of a host, rather than the provider's own. */
function channelOf({ via, type }: Actor): string {
  if (via === 'unknown') return '';
  return via === 'service' && MACHINES.has(type) ? 'a service' : CHANNELS[via];
}

/** `through apt`: the program that wrote for a person of a host. Who an AWS service acted for is told elsewhere. */
function through({ service, type, name }: Actor): string {
  return type === 'User' && service !== undefined && service !== name ? ` through ${service}` : '';
}

/** Who did it, or why nobody is named; never more than what is known. */
export function whoText(finding: Finding): string {
  const { actor, status, because } = finding.attribution;
  if (actor !== undefined && status === 'attributed') return `${actorText(actor)}${besides(finding.attribution)}`;
  if (actor !== undefined && status === 'ambiguous') return `perhaps ${actorText(actor)}${besides(finding.attribution)}`;
  if (status === 'pending') return 'not known yet';
  if (status === 'not-applicable') return '';
  return clean(`nobody known: ${because}`);
}

/** `; other edits by bob`: who changed something else of the same thing in the same window. */
function besides({ actor, authors = [] }: Attribution): string {
  const names = new Set(authors.map((author) => author.actor.name).filter((name) => name !== actor?.name));
  return names.size === 0 ? '' : clean(`; other edits by ${[...names].join(', ')}`);
}

/** `put back 2026-11-21 09:12 UTC by tom.becker, f-0123456789ab`; empty while it stands. */
export function undoneText({ undone }: Finding): string {
  if (undone === undefined) return '';
  return `put back ${minute(undone.at)} UTC${undone.actor === undefined ? '' : ` by ${undone.actor}`}, ${undone.by}`;
}

/** `2026-01-07 14:02` in UTC: the event's minute, or the window in which it must have happened. */
export function whenText(finding: Finding): string {
  const event = finding.attribution.status === 'attributed' ? firstEvent(finding) : undefined;
  if (event !== undefined) return `${minute(event.time)} UTC`;
  const { from, to } = finding.window;
  return from === to
    ? `${minute(to)} UTC`
    : `${minute(from)} – ${from.slice(0, 10) === to.slice(0, 10) ? minute(to).slice(11) : minute(to)} UTC`;
}

/** What a form lists below the first line: why it matters, and what has become of it. */
export function remarksOf(finding: Finding): string[] {
  const { reasons, undone, ignored, transient } = finding;
  return [
    ...reasons,
    ...(undone === undefined ? [] : [undoneText(finding)]),
    ...(ignored === undefined ? [] : [`set aside: ${ignored}`]),
    ...(transient?.duration === undefined ? [] : [`lasted ${durationText(transient.duration)}`]),
  ];
}

export function minute(time: string): string {
  return clean(time).slice(0, 16).replace('T', ' ');
}

/** `3 min 20 s` */
export function durationText(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60), seconds % 60];
  return [hours > 0 ? `${hours} h` : '', minutes > 0 ? `${minutes} min` : '', hours === 0 && (rest > 0 || minutes === 0) ? `${rest} s` : '']
    .filter((part) => part !== '')
    .join(' ');
}

/** Why a report has no finding: nothing changed, or nothing of what was asked for. */
export function nothingText({
  asked,
  gaps,
}: {
  readonly asked?: { readonly words: string; readonly of: number } | undefined;
  readonly gaps: readonly unknown[];
}): string {
  const seen = gaps.length === 0 ? '' : ' in what could be read';
  if (asked === undefined || asked.of === 0) return `Nothing changed${seen}.`;
  return clean(`None of the ${asked.of} ${asked.of === 1 ? 'finding' : 'findings'} of this time ${asked.words}${seen}.`);
}
