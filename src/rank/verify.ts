/** Runs every rule against its own examples; a rule that disagrees with them is broken, whoever wrote it. */
import type { Actor, AuditEvent, Change, Ref } from '../model.ts';
import { type Subject, actionOf, factsOf } from './facts.ts';
import type { Neighbours } from './neighbours.ts';
import type { Rule, RuleSet } from './rules.ts';
import type { Example } from './schema.ts';

export interface RuleProblem {
  readonly rule: string;
  readonly file: string;
  readonly line: number | undefined;
  readonly message: string;
}

/** Every disagreement between a rule and its examples; empty when all is well. */
export function verifyRules(set: RuleSet): readonly RuleProblem[] {
  return set.rules.flatMap((rule) => [
    ...rule.examples.true.flatMap((example, index) => disagreement(rule, example, true, index)),
    ...rule.examples.false.flatMap((example, index) => disagreement(rule, example, false, index)),
  ]);
}

function disagreement(rule: Rule, example: Example, expected: boolean, index: number): readonly RuleProblem[] {
  const problem = (message: string): readonly RuleProblem[] => [
    {
      rule: rule.id,
      file: rule.position.file,
      line: rule.position.line,
      message: `${rule.id}: example ${String(expected)}[${index}] ${message}`,
    },
  ];
  const { subject, applies } = subjectOf(rule, example);
  if (expected && !applies) return problem('is of a kind or event that the rule does not judge');
  const facts = factsOf(subject);
  try {
    const matched = applies && (subject.change === undefined ? rule.onEvent(facts) : rule.onChange(facts));
    if (matched !== expected) return problem(matched ? 'matches, and must not' : 'does not match, and must');
    return matched && rule.reason(facts) === '' ? problem('gives an empty reason') : [];
  } catch (error) {
    return problem(`cannot be judged: ${String((error as { summary?: string }).summary ?? error).split('\n')[0]}`);
  }
}

/** Who acts in an example that does not say. */
export const SOMEBODY: Actor = {
  name: 'alice',
  type: 'IAMUser',
  arn: 'arn:aws:iam::111122223333:user/alice',
  role: null,
  via: 'cli',
  sourceIp: '198.51.100.7',
  userAgent: null,
  mfa: null,
};

/** An example as a rule sees it, with defaults for what it leaves out. */
function subjectOf(rule: Rule, example: Example): { readonly subject: Subject; readonly applies: boolean } {
  const actor: Actor = { ...SOMEBODY, ...example.actor };
  const around = example.around;
  const neighbours = around === undefined ? {} : { neighbours: neighboursOf(around) };
  if (example.change !== undefined) {
    const change = changeOf(example.change);
    return { subject: { change, actor, ...neighbours }, applies: rule.kinds.includes(change.ref.kind) };
  }
  const event = eventOf(rule, example, actor);
  const set = rule.events.some((glob) => globMatches(glob, `${event.source.replace(/\.amazonaws\.com$/, '')}:${actionOf(event.name)}`));
  return { subject: { event, actor, ...neighbours }, applies: set };
}

function globMatches(glob: string, name: string): boolean {
  return new RegExp(`^${glob.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`).test(name);
}

function changeOf(example: NonNullable<Example['change']>): Change {
  const { kind, id = 'example-1', scope = 'aws/111122223333/eu-west-1', name, type = 'modified', before, after } = example;
  const whole = type === 'modified' ? [] : [{ path: '', before: before ?? null, after: after ?? null }];
  return {
    type,
    ref: { scope, kind, id },
    path: '',
    edits: example.edits ?? whole,
    ...(name === undefined ? {} : { name }),
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
  };
}

function eventOf(rule: Rule, example: Example, actor: Actor): AuditEvent {
  const given = example.event ?? { name: '' };
  const service = given.source ?? rule.events[0]?.split(':')[0] ?? '';
  return {
    id: 'example',
    time: '2026-01-07T14:02:00Z',
    source: service.includes('.') || service === 'linux-audit' ? service : `${service}.amazonaws.com`,
    name: given.name,
    account: given.account ?? '111122223333',
    region: given.region ?? 'eu-west-1',
    readOnly: given.readOnly ?? false,
    actor,
    request: given.request ?? null,
    response: given.response ?? null,
    ...(given.extra === undefined ? {} : { extra: given.extra }),
    ...(given.error === undefined ? {} : { error: given.error }),
  };
}

function neighboursOf(around: NonNullable<Example['around']>): Neighbours {
  const same = (a: Ref, b: Ref): boolean => a.scope === b.scope && a.kind === b.kind && a.id === b.id;
  return {
    get: (ref) => around.find((entry) => same(entry, ref))?.config,
    list: (scope, kind) =>
      around.filter((entry) => entry.scope === scope && entry.kind === kind).map(({ config, ...ref }) => ({ ref, config })),
  };
}
