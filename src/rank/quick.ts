/** Answers a condition without CEL's own evaluation wherever the answer is certain, and even when part of the facts is unknown. */
import type { ASTNode } from '@marcbachmann/cel-js';
import { HELPERS } from './functions.ts';

/** Facts by name; what is absent, itself or a member of it, is not known yet. */
export type Known = Readonly<Record<string, unknown>>;
/** Undefined where only CEL can tell: an unknown fact, an error, or something that is not answered here. */
export type Quick = (facts: Known) => boolean | undefined;

/** Not known, or an error. `false && unsure` is false and `true || unsure` is true in CEL, too, in either order. */
const UNSURE = Symbol('unsure');
type Value = unknown;
/** `locals` holds the variables of the comprehensions around, the outermost first. */
type Ask = (facts: Known, locals: Value[]) => Value;
type Compile = (ast: ASTNode, names: readonly string[]) => Ask;

export function quickly(ast: ASTNode): Quick {
  const ask = compile(ast, []);
  return (facts) => {
    const answer = ask(facts, []);
    return typeof answer === 'boolean' ? answer : undefined;
  };
}

const unsure: Ask = () => UNSURE;

const compile: Compile = (ast, names) => {
  switch (ast.op) {
    case 'value':
      return () => ast.args;
    case 'id':
      return named(ast.args, names);
    case '.':
      return member(compile(ast.args[0], names), ast.args[1]);
    case '&&':
      return joined(compile(ast.args[0], names), compile(ast.args[1], names), false);
    case '||':
      return joined(compile(ast.args[0], names), compile(ast.args[1], names), true);
    case '!_':
      return given([compile(ast.args, names)], (value) => (typeof value === 'boolean' ? !value : UNSURE));
    case '==':
      return given([compile(ast.args[0], names), compile(ast.args[1], names)], equal);
    case '!=':
      return given([compile(ast.args[0], names), compile(ast.args[1], names)], (a, b) => negated(equal(a, b)));
    case 'list':
      return given(
        ast.args.map((item) => compile(item, names)),
        (...items) => items,
      );
    case 'in':
      return given([compile(ast.args[0], names), compile(ast.args[1], names)], isIn);
    case '+':
      return given([compile(ast.args[0], names), compile(ast.args[1], names)], sum);
    case '<':
      return ordered(ast.args, names, (order) => order < 0);
    case '<=':
      return ordered(ast.args, names, (order) => order <= 0);
    case '>':
      return ordered(ast.args, names, (order) => order > 0);
    case '>=':
      return ordered(ast.args, names, (order) => order >= 0);
    case 'call':
      return called(ast.args[0], ast.args[1], names);
    case 'rcall':
      return calledOn(ast.args, names);
    default:
      return unsure;
  }
};

function named(name: string, names: readonly string[]): Ask {
  const index = names.lastIndexOf(name);
  if (index !== -1) return (_facts, locals) => locals[index];
  return (facts) => known(facts[name]);
}

function member(of: Ask, name: string): Ask {
  return (facts, locals) => {
    const object = of(facts, locals);
    if (object === UNSURE || !isPlain(object) || !Object.hasOwn(object, name)) return UNSURE;
    return known(object[name]);
  };
}

/** One side that settles it is enough, whatever becomes of the other. */
function joined(left: Ask, right: Ask, settles: boolean): Ask {
  return (facts, locals) => {
    const a = left(facts, locals);
    if (a === settles) return settles;
    const b = right(facts, locals);
    if (b === settles) return settles;
    return a === !settles && b === !settles ? !settles : UNSURE;
  };
}

/** Answers from values that are all known, and of a type that CEL knows. */
function given(asks: readonly Ask[], answer: (...values: readonly Value[]) => Value): Ask {
  return (facts, locals) => {
    const values: Value[] = [];
    for (const ask of asks) {
      const value = ask(facts, locals);
      if (value === UNSURE || !isTyped(value)) return UNSURE;
      values.push(value);
    }
    return answer(...values);
  };
}

const negated = (answer: Value): Value => (typeof answer === 'boolean' ? !answer : UNSURE);

/** Scalars of two types are unequal, but for the two kinds of number; what is inside lists and maps is left to CEL. */
function equal(a: Value, b: Value): Value {
  if (isScalar(a) && isScalar(b)) return isNumber(a) && isNumber(b) ? Number(a) === Number(b) : a === b;
  return isScalar(a) || isScalar(b) ? false : UNSURE;
}

function isIn(value: Value, where: Value): Value {
  if (typeof value !== 'string') return UNSURE;
  if (isPlain(where)) return Object.hasOwn(where, value) && where[value] !== undefined;
  return isTexts(where) && where.length > 0 ? where.includes(value) : UNSURE;
}

function sum(a: Value, b: Value): Value {
  if (typeof a === 'string' && typeof b === 'string') return a + b;
  return isTexts(a) && isTexts(b) ? [...a, ...b] : UNSURE;
}

function ordered(sides: readonly [ASTNode, ASTNode], names: readonly string[], holds: (order: number) => boolean): Ask {
  return given([compile(sides[0], names), compile(sides[1], names)], (a, b) => {
    if (!isNumber(a) || !isNumber(b)) return UNSURE;
    return holds(a < b ? -1 : a > b ? 1 : 0);
  });
}

const RUNS = new Map(
  HELPERS.map(({ signature, run }) => {
    const [, name = '', types = ''] = /^(\w+)\((.*?)\)/.exec(signature) ?? [];
    return [name, { run: run as (...values: readonly Value[]) => Value, types: types.split(', ') }] as const;
  }),
);

function called(name: string, args: readonly ASTNode[], names: readonly string[]): Ask {
  const helper = RUNS.get(name);
  if (helper === undefined || helper.types.length !== args.length) return unsure;
  const { run, types } = helper;
  return given(
    args.map((arg) => compile(arg, names)),
    (...values) => {
      if (types.some((type, index) => type !== 'dyn' && typeof values[index] !== type)) return UNSURE;
      try {
        return run(...values);
      } catch {
        return UNSURE; // CEL meets the same error and tells of it.
      }
    },
  );
}

const TEXTS: Readonly<Record<string, (text: string, other: string) => Value>> = {
  startsWith: (text, other) => text.startsWith(other),
  endsWith: (text, other) => text.endsWith(other),
  contains: (text, other) => text.includes(other),
};

function calledOn([method, on, args]: readonly [string, ASTNode, readonly ASTNode[]], names: readonly string[]): Ask {
  const receiver = compile(on, names);
  const [first, second] = args;
  if (method === 'exists' || method === 'all') {
    return first?.op === 'id' && second !== undefined
      ? each(receiver, compile(second, [...names, first.args]), names.length, method === 'exists')
      : unsure;
  }
  if (first === undefined) {
    if (method === 'size') return given([receiver], (value) => (Array.isArray(value) ? BigInt(value.length) : UNSURE));
    return method === 'lowerAscii' ? given([receiver], (value) => (typeof value === 'string' ? value.toLowerCase() : UNSURE)) : unsure;
  }
  const answer = method === 'matches' ? matcherOf(first) : TEXTS[method];
  if (answer === undefined) return unsure;
  return given([receiver, compile(first, names)], (text, other) =>
    typeof text === 'string' && typeof other === 'string' ? answer(text, other) : UNSURE,
  );
}

/** A pattern that is written out is compiled once. */
function matcherOf(pattern: ASTNode): ((text: string) => boolean) | undefined {
  if (pattern.op !== 'value' || typeof pattern.args !== 'string') return undefined;
  try {
    const expression = new RegExp(pattern.args);
    return (text) => expression.test(text);
  } catch {
    return undefined; // CEL tells what is wrong with it.
  }
}

/** As CEL: one element that settles it is enough, and an error on another is forgotten then. */
function each(list: Ask, condition: Ask, index: number, settles: boolean): Ask {
  return (facts, locals) => {
    const items = list(facts, locals);
    if (!Array.isArray(items)) return UNSURE;
    let certain = true;
    for (const item of items) {
      locals[index] = known(item);
      const answer = locals[index] === UNSURE ? UNSURE : condition(facts, locals);
      if (answer === settles) return settles;
      if (answer !== !settles) certain = false;
    }
    return certain ? !settles : UNSURE;
  };
}

/** CEL refuses a value of a type that it does not know wherever it comes up. */
const known = (value: Value): Value =>
  value !== undefined && (isScalar(value) || Array.isArray(value) || isPlain(value)) ? value : UNSURE;
const isNumber = (value: Value): value is number | bigint => typeof value === 'number' || typeof value === 'bigint';
const isScalar = (value: Value): boolean => value === null || typeof value !== 'object';
const isTexts = (value: Value): value is readonly string[] => Array.isArray(value) && value.every((item) => typeof item === 'string');

/** A record with a member named "constructor" is no map to CEL. */
function isPlain(value: Value): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const maker: unknown = value.constructor;
  return maker === Object || maker === undefined;
}

/** CEL tells a type from the first element of each list and map on the way down, and fails on what it does not know. */
function isTyped(value: Value): boolean {
  if (value === undefined || typeof value === 'symbol' || typeof value === 'function') return false;
  if (isScalar(value)) return true;
  if (Array.isArray(value)) return value.length === 0 || value[0] === undefined || isTyped(value[0]);
  if (!isPlain(value)) return false;
  for (const key in value) return isTyped(value[key]);
  return true;
}
