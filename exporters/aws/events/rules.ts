/** The words in which the tables of this folder say what a call did. */
import { type AuditEvent, type Effect, type EventRule, isObject, type Json, type Lookup, pointer, type Ref } from 'drifttrail';
import { type Act, actOf, globalScope, list, partOf, regionalScope, text } from './act.ts';

export interface Topic {
  readonly kinds: readonly string[];
  readonly rules: readonly EventRule[];
}

type Effects = (act: Act) => readonly Effect[];
type SecondaryIds = (act: Act) => Readonly<Record<string, { ref: Ref; path: string; value?: Json }>>;

const ruleFor =
  (source: string) =>
  (name: string, effects: Effects, secondaryIds?: SecondaryIds): EventRule => ({
    source,
    name,
    effects: (event: AuditEvent, lookup: Lookup) => effects(actOf(event, lookup)),
    ...(secondaryIds === undefined ? {} : { secondaryIds: (event: AuditEvent, lookup: Lookup) => secondaryIds(actOf(event, lookup)) }),
  });

const ec2Rule = ruleFor('ec2.amazonaws.com');

/** What a call does in another region or account than its own, which knows nothing of it, is a consequence. */
export const ec2 = (name: string, effects: Effects, secondaryIds?: SecondaryIds): EventRule =>
  ec2Rule(
    name,
    (act) => {
      const own = regionalScope(act.event);
      const isHere = ({ ref }: Effect) => ref.scope === own;
      const all = effects(act);
      return all.every(isHere)
        ? all
        : all.map((effect) => (isHere(effect) ? effect : { cascade: 'the other end of a connection', ...effect }));
    },
    secondaryIds,
  );

export const tagging = ruleFor('tagging.amazonaws.com');
export const iam = ruleFor('iam.amazonaws.com');

/** The resource of that id in the call's region; none without an id. */
export function ec2Ref(act: Act, type: string, id: string | undefined): Ref[] {
  return id === undefined ? [] : [{ scope: regionalScope(act.event), kind: `aws.ec2.${type}`, id }];
}

export function iamRef(act: Act, type: string, id: string | undefined): Ref[] {
  return id === undefined ? [] : [{ scope: globalScope(act.event), kind: `aws.iam.${type}`, id }];
}

export const create = (refs: readonly Ref[]): Effect[] => refs.map((ref) => ({ ref, op: 'create', path: '' }));
export const remove = (refs: readonly Ref[]): Effect[] => refs.map((ref) => ({ ref, op: 'delete', path: '' }));

/** What records have in the place of values that they do not tell. */
const HIDDEN: ReadonlySet<Json | undefined> = new Set(['<sensitiveDataRemoved>', 'HIDDEN_DUE_TO_SECURITY_REASONS']);

export function set(refs: readonly Ref[], path: string, value?: Json): Effect[] {
  return refs.map((ref) => (value === undefined || HIDDEN.has(value) ? { ref, op: 'set', path } : { ref, op: 'set', path, value }));
}

export function unset(refs: readonly Ref[], path: string, value?: Json): Effect[] {
  return refs.map((ref) => (value === undefined ? { ref, op: 'unset', path } : { ref, op: 'unset', path, value }));
}

/** Effects that have no event of their own. */
export function implied(because: string, ...effects: readonly (readonly Effect[])[]): Effect[] {
  return effects.flat().map((effect) => ({ ...effect, cascade: because }));
}

/** Created with the tags that the same call gave. */
export function created(act: Act, refs: readonly Ref[], ...more: readonly (readonly Effect[])[]): Effect[] {
  return [...create(refs), ...tagsAtCreation(act, refs), ...more.flat()];
}

function tagsAtCreation(act: Act, refs: readonly Ref[]): Effect[] {
  const { request } = act;
  // Two of the calls for transit gateways have the plural.
  const specifications = ['tagSpecificationSet', 'tagSpecification', 'tagSpecifications'].flatMap((name) => list(request[name]));
  const wanted = new Set(refs.map(({ kind }) => kind.slice(kind.lastIndexOf('.') + 1)));
  const matching = specifications.filter((item) => wanted.has(text(item, 'resourceType') ?? '') || specifications.length === 1);
  const tags = [...matching.flatMap((item) => (isObject(item) ? [...list(item.tags), ...list(item.tag)] : [])), ...list(request.tags)];
  return tags.flatMap((tag) => tagEffect(refs, tag));
}

/** `{key, value}` as a tag of the resources. */
export function tagEffect(refs: readonly Ref[], tag: Json): Effect[] {
  const key = text(tag, 'key');
  return key === undefined ? [] : set(refs, pointer('tags', key), text(tag, 'value') ?? '');
}

/** The part that a secondary id stands for, removed. */
export function unsetResolved(act: Act, secondaryId: string | undefined): Effect[] {
  const found = partOf(act, secondaryId);
  return found === undefined ? [] : unset([found.ref], found.path, found.value);
}
