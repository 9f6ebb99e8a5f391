/** Pointer patterns compiled to a tree, so that one walk over a config serves all rules of a kind at once. */
import { segmentsOf } from '../pointer.ts';

export interface PatternNode<Rule> {
  readonly here: Rule[];
  /** Rules whose pattern ends in `**` at this node: they hold here and for anything below. */
  readonly below: Rule[];
  readonly named: Map<string, PatternNode<Rule>>;
  any: PatternNode<Rule> | undefined;
}

/** The nodes that a walk is at; several when a name and `*` both fit. */
export type Active<Rule> = readonly PatternNode<Rule>[];

const NONE: readonly never[] = [];

export function compilePatterns<Rule>(entries: Iterable<{ readonly path: string; readonly rule: Rule }>): PatternNode<Rule> {
  const root = newNode<Rule>();
  for (const { path, rule } of entries) {
    let node = root;
    const segments = segmentsOf(path);
    const deep = segments.at(-1) === '**';
    if (deep) segments.pop();
    for (const segment of segments) node = segment === '*' ? anyChild(node) : namedChild(node, segment);
    (deep ? node.below : node.here).push(rule);
  }
  return root;
}

/** The nodes for a child. Nothing is active any more: an empty list, and the walk may stop. */
export function descend<Rule>(active: Active<Rule>, segment: string): Active<Rule> {
  let next: PatternNode<Rule>[] | undefined;
  const add = (node: PatternNode<Rule>) => {
    if (next === undefined) next = [node];
    else next.push(node);
  };
  for (const node of active) {
    const named = node.named.get(segment);
    if (named) add(named);
    if (node.any) add(node.any);
    if (node.below.length > 0) add({ here: [], below: node.below, named: new Map(), any: undefined });
  }
  return next ?? NONE;
}

export function rulesAt<Rule>(active: Active<Rule>): readonly Rule[] {
  const first = active[0];
  if (first === undefined) return [];
  if (active.length === 1 && first.below.length === 0) return first.here;
  return active.flatMap((node) => [...node.here, ...node.below]);
}

function newNode<Rule>(): PatternNode<Rule> {
  return { here: [], below: [], named: new Map(), any: undefined };
}

function anyChild<Rule>(node: PatternNode<Rule>): PatternNode<Rule> {
  node.any ??= newNode();
  return node.any;
}

function namedChild<Rule>(node: PatternNode<Rule>, segment: string): PatternNode<Rule> {
  const known = node.named.get(segment);
  if (known) return known;
  const made = newNode<Rule>();
  node.named.set(segment, made);
  return made;
}
