/** Whether a policy reaches further than the one before it, statement by statement. */
import type { JsonObject } from '../model.ts';
import { type Constraint, allows, constraints, covers, statements, strings } from './policy.ts';
import { principalsOf } from './principals.ts';

/** Whether somebody may do something that he could not: an Allow that no old one covers, or a Deny that is gone or smaller. */
export function isWidened(before: unknown, after: unknown): boolean {
  const could = allows(before);
  const denied = statements(after).filter(isDeny);
  return (
    allows(after).some((statement) => !could.some((old) => includes(old, statement))) ||
    statements(before)
      .filter(isDeny)
      .some((statement) => !denied.some((now) => includes(now, statement)))
  );
}

function isDeny(statement: JsonObject): boolean {
  return statement.Effect === 'Deny';
}

/** Whether everything that `inner` speaks of, `outer` speaks of too. */
function includes(outer: JsonObject, inner: JsonObject): boolean {
  return (
    includesList(outer, inner, 'Action', 'NotAction') &&
    includesList(outer, inner, 'Resource', 'NotResource') &&
    includesPrincipals(outer, inner) &&
    constraints(outer).every((one) => constraints(inner).some((other) => isAtLeastAsStrict(other, one)))
  );
}

function includesList(outer: JsonObject, inner: JsonObject, name: 'Action' | 'Resource', negated: 'NotAction' | 'NotResource'): boolean {
  const [has, wants] = [strings(outer[name]), strings(inner[name])];
  const [hasNot, wantsNot] = [strings(outer[negated]), strings(inner[negated])];
  if (has.includes('*') || (has.length === 0 && hasNot.length === 0)) return true;
  if (wantsNot.length > 0) return hasNot.length > 0 && hasNot.every((one) => wantsNot.some((other) => covers(other, one)));
  if (wants.length === 0) return false;
  if (hasNot.length > 0) return wants.every((want) => !hasNot.some((not) => covers(not, want) || covers(want, not)));
  return wants.every((want) => has.some((pattern) => covers(pattern, want)));
}

/** The account as a whole includes each of its users and roles. */
function includesPrincipals(outer: JsonObject, inner: JsonObject): boolean {
  const has = principalsOf(outer);
  return principalsOf(inner).every(({ type, value }) =>
    has.some((one) => one.type === type && (one.value === '*' || one.value === value || isRootOver(one.value, value))),
  );
}

function isRootOver(account: string, principal: string): boolean {
  const id = /^(?:arn:[^:]*:iam::)?(\d{12})(?::root)?$/.exec(account)?.[1];
  return id !== undefined && new RegExp(`^(arn:[^:]*:(iam|sts)::)?${id}(:|$)`).test(principal);
}

/** Alternatives widen a condition, except under an operator that says "not", where they narrow it. */
function isAtLeastAsStrict(strict: Constraint, than: Constraint): boolean {
  if (strict.operator !== than.operator || strict.key !== than.key) return false;
  const [few, many] = strict.operator.includes('not') ? [than.values, strict.values] : [strict.values, than.values];
  return few.every((value) => many.some((other) => covers(other, value)));
}
