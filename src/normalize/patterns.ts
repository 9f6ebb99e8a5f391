/** Pointer patterns compiled to a tree, so that one walk over a config serves all rules of a kind at once. */
import { segmentsOf } from '../pointer.ts';

/** Where a walk stands among the patterns: what holds there, and the places below it, each made when it is first asked for. */
export interface Place<Rule> {
  readonly rules: readonly Rule[];
  readonly nodes: readonly Node<Rule>[];
  /** By segments that some pattern names. */
  readonly named: Map<string, Place<Rule>>;
  /** For every other segment; null when no pattern goes on there. */
  other: Place<Rule> | null | undefined;
}

interface Node<Rule> {
  readonly here: Rule[];
  /** Rules whose pattern ends in `**` at this node: they hold here and for anything below. */
  readonly below: Rule[];
  readonly named: Map<string, Node<Rule>>;
  any: Node<Rule> | undefined;
}

export function compilePatterns<Rule>(entries: Iterable<{ readonly path: string; readonly rule: Rule }>): Place<Rule> {
  const root = newNode<Rule>();
  for (const { path, rule } of entries) {
    let node = root;
    const segments = segmentsOf(path);
    const deep = segments.at(-1) === '**';
    if (deep) segments.pop();
    for (const segment of segments) node = segment === '*' ? anyChild(node) : namedChild(node, segment);
    (deep ? node.below : node.here).push(rule);
  }
  return placeOf([root]);
}

/** The place of a child; undefined where no pattern goes on, and the walk may stop. */
export function descend<Rule>(place: Place<Rule>, segment: string): Place<Rule> | undefined {
  const known = place.named.get(segment);
  if (known !== undefined) return known;
  if (place.nodes.some(({ named }) => named.has(segment))) {
    const made = placeOf(childrenOf(place.nodes, segment));
    place.named.set(segment, made);
    return made;
  }
  if (place.other === undefined) {
    const nodes = childrenOf(place.nodes);
    place.other = nodes.length === 0 ? null : placeOf(nodes);
  }
  return place.other ?? undefined;
}

function placeOf<Rule>(nodes: readonly Node<Rule>[]): Place<Rule> {
  return { rules: nodes.flatMap(({ here, below }) => [...here, ...below]), nodes, named: new Map(), other: undefined };
}

/** Several when a name and `*` both fit. */
function childrenOf<Rule>(nodes: readonly Node<Rule>[], segment?: string): Node<Rule>[] {
  return nodes.flatMap(({ named, any, below }) => [
    ...(segment === undefined ? [] : [named.get(segment) ?? []].flat()),
    ...(any === undefined ? [] : [any]),
    ...(below.length === 0 ? [] : [{ here: [], below, named: new Map<string, Node<Rule>>(), any: undefined }]),
  ]);
}

function newNode<Rule>(): Node<Rule> {
  return { here: [], below: [], named: new Map(), any: undefined };
}

function anyChild<Rule>(node: Node<Rule>): Node<Rule> {
  node.any ??= newNode();
  return node.any;
}

function namedChild<Rule>(node: Node<Rule>, segment: string): Node<Rule> {
  const known = node.named.get(segment);
  if (known) return known;
  const made = newNode<Rule>();
  node.named.set(segment, made);
  return made;
}
