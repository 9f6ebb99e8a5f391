import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { Environment } from '@marcbachmann/cel-js';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Compiler, type Variables, VARIABLES } from '../../src/rank/cel.ts';
import { registerHelpers } from '../../src/rank/functions.ts';
import { quickly } from '../../src/rank/quick.ts';
import { parseRules, ruleSet } from '../../src/rank/rules.ts';
import { verifyRules } from '../../src/rank/verify.ts';

const environment = new Environment({ enableOptionalTypes: true, homogeneousAggregateLiterals: false });
for (const name of VARIABLES) environment.registerVariable(name, 'dyn');
registerHelpers(environment);

/** What CEL itself says; undefined when it fails. */
function bothOf(source: string) {
  const evaluate = environment.parse(source);
  const quick = quickly(evaluate.ast);
  return {
    quick,
    cel: (facts: object): unknown => {
      try {
        return evaluate(facts);
      } catch {
        return undefined;
      }
    },
  };
}

const FOLDERS = readdirSync(new URL('../../exporters/', import.meta.url))
  .map((name) => new URL(`../../exporters/${name}/rules/`, import.meta.url))
  .filter((folder) => existsSync(folder));

/** The shipped conditions, and what their own examples look like to a rule. */
function shipped() {
  const conditions = new Map<string, ReturnType<typeof bothOf>>();
  const examples: Variables[] = [];
  const watching: Compiler = {
    condition: (source) => {
      conditions.set(source, bothOf(source));
      return Object.assign((facts: Variables) => examples.push(facts) > 0, { excludes: () => false });
    },
    template: () => () => 'seen',
  };
  const files = FOLDERS.flatMap((folder) => readdirSync(folder).map((file) => new URL(file, folder)));
  verifyRules(ruleSet(files.flatMap((file) => parseRules(readFileSync(file, 'utf8'), file.pathname, watching))));
  return { conditions: [...conditions], examples };
}

test('no shipped condition gets another answer than from CEL, on the examples of any rule, and hardly any needs CEL', () => {
  const { conditions, examples } = shipped();
  const different: string[] = [];
  let [asked, certain, at] = [0, 0, 0];
  for (const [source, { quick, cel }] of conditions) {
    // Every condition meets a different few; each example meets many conditions.
    for (const example of examples.slice(at % examples.length).slice(0, 8)) {
      at += 7;
      const answer = quick(example);
      const right = cel(example);
      if (right !== undefined) asked++;
      if (answer === undefined) continue;
      certain++;
      if (answer !== right) different.push(`${source} is ${String(right)}, not ${answer}`);
    }
  }
  expect(different).toEqual([]);
  expect(examples.length).toBeGreaterThan(800);
  expect(certain / asked).toBeGreaterThan(0.9);
});

const NAMES = ['a', 'b', 'constructor', '__proto__'] as const;
const scalar = fc.oneof(
  fc.constantFrom('', 'x', 'a', 'b', 'Root', '10.0.0.0/8', 'true'),
  fc.boolean(),
  fc.constant(null),
  fc.constantFrom(0, 1, 2.5, -1),
);
const json = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    scalar,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...NAMES), tie('value'), { maxKeys: 3, noNullPrototype: true }),
  ),
})).value;

const literal = fc.constantFrom('"x"', '"a"', '""', 'true', 'false', 'null', '1', '2.5', '0', '["a", "x"]', '[]');
const { condition } = fc.letrec<{ value: string; condition: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom('event', 'actor', 'e', 'change'),
    literal,
    fc.tuple(tie('value'), fc.constantFrom('a', 'b')).map(([of, name]) => `${of}.${name}`),
    fc.tuple(tie('value'), fc.constantFrom('a', 'b', 'a.b')).map(([of, path]) => `text(${of}, "${path}")`),
    fc.tuple(tie('value'), fc.constantFrom('get', 'items', 'flag', 'number')).map(([of, name]) => `${name}(${of}, "a")`),
    tie('value').map((of) => `leaves(${of})`),
    fc.tuple(tie('value'), tie('value')).map(([a, b]) => `(${a} + ${b})`),
    tie('value').map((of) => `(${of}).size()`),
    tie('value').map((of) => `(${of}).lowerAscii()`),
  ),
  condition: fc.oneof(
    { maxDepth: 4 },
    fc
      .tuple(tie('value'), fc.constantFrom('==', '!=', '<', '<=', '>', '>=', 'in'), tie('value'))
      .map(([a, operator, b]) => `(${a} ${operator} ${b})`),
    fc
      .tuple(tie('value'), fc.constantFrom('startsWith', 'endsWith', 'contains', 'matches'))
      .map(([of, method]) => `(${of}).${method}("a")`),
    fc.tuple(tie('condition'), fc.constantFrom('&&', '||'), tie('condition')).map(([a, operator, b]) => `(${a} ${operator} ${b})`),
    tie('condition').map((of) => `!(${of})`),
    fc
      .tuple(tie('value'), fc.constantFrom('exists', 'all'), tie('condition'))
      .map(([of, method, inner]) => `(${of}).${method}(e, ${inner})`),
    tie('value'),
  ),
}));

test('whatever the condition and the facts, an answer is that of CEL', () => {
  let certain = 0;
  fc.assert(
    fc.property(condition, json, json, json, (source, event, actor, change) => {
      const facts = { event, actor, change };
      // A type error, or a name that no comprehension gives: such a condition does not load.
      if (!environment.check(source).valid) return;
      const both = bothOf(source);
      const answer = both.quick(facts);
      if (answer === undefined) return;
      certain++;
      expect(both.cel(facts)).toBe(answer);
    }),
    { numRuns: 1500 },
  );
  expect(certain).toBeGreaterThan(20);
});

test('what is not known leaves an answer only where it cannot matter', () => {
  const { quick } = bothOf('actor.type == "Root" && !event.readOnly && event.service != "signin"');
  expect(quick({ event: { readOnly: true, service: 'ec2' } })).toBe(false);
  expect(quick({ event: { readOnly: false, service: 'ec2' } })).toBeUndefined();
  expect(quick({ event: { readOnly: false, service: 'ec2' }, actor: { type: 'Root' } })).toBe(true);
  expect(bothOf('event.request.a == "b" || event.readOnly').quick({ event: { readOnly: true } })).toBe(true);
  expect(bothOf('["a", "b"].exists(x, x == event.name)').quick({ event: {} })).toBeUndefined();
});
