/** Whom a trust or resource policy lets in: everybody, other accounts, the users of an identity provider. */
import type { JsonObject } from '../model.ts';
import { isObject } from '../pointer.ts';
import { isWorld } from './cidr.ts';
import { allows, constraints, type Constraint, strings } from './policy.ts';

/** Conditions that tie a wildcard principal to known accounts, organisations, networks or resources. sts:ExternalId is a shared word, no boundary. */
const BOUNDARIES = [
  'aws:principalorgid',
  'aws:principalorgpaths',
  'aws:principalaccount',
  'aws:principalarn',
  'aws:sourceaccount',
  'aws:sourceowner',
  'aws:sourcearn',
  'aws:sourceorgid',
  'aws:sourceorgpaths',
  'aws:sourceip',
  'aws:sourcevpc',
  'aws:sourcevpce',
  'aws:vpcsourceip',
  'aws:userid',
  'kms:calleraccount',
  's3:dataaccesspointaccount',
  'lambda:functionurlauthtype',
];

/** A boundary keeps somebody out: an equality or a range, and not one that everybody meets. */
function isBoundary({ operator, key, values }: Constraint): boolean {
  if (!BOUNDARIES.includes(key) || /not|^null$/.test(operator)) return false;
  return values.length > 0 && !values.some((value) => isWorld(value) || ANYBODYS.some((pattern) => pattern.test(value)));
}

/** Patterns that everybody can meet: any organisation, a name in any account, any id. A bucket's name is the world's only one. */
const ANYBODYS = [
  /^[*?]+(:.*)?$/,
  /^o-[*?]+(\/.*)?$/,
  /^arn:[^:]*:[*?]+$/,
  /^arn:[^:]*:(?!s3:)[^:]*:[^:]*:[*?]+:/,
  /^arn:[^:]*:s3:.*:[*?]+$/,
  /^A[A-Z]{3}[*?]+(:.*)?$/,
];

function isBounded(statement: JsonObject): boolean {
  return constraints(statement).some(isBoundary);
}

export function principalsOf(statement: JsonObject): readonly { readonly type: string; readonly value: string }[] {
  const { Principal: principal } = statement;
  if (statement.NotPrincipal !== undefined) return [{ type: 'AWS', value: '*' }];
  if (principal === '*') return [{ type: 'AWS', value: '*' }];
  if (!isObject(principal)) return [];
  return Object.entries(principal).flatMap(([type, value]) => strings(value).map((text) => ({ type, value: text })));
}

/** The account that a principal's ARN or bare number names. */
export function ownerOf(principal: string): string | undefined {
  return /^\d{12}$/.test(principal) ? principal : /^arn:[^:]*:[^:]*:[^:]*:(\d{12}):/.exec(principal)?.[1];
}

/** Whether a principal as a call names it is everybody or of another account; a service, a canonical id or a word is neither. */
export function isForeignPrincipal(principal: unknown, account: string): boolean {
  if (typeof principal !== 'string' && typeof principal !== 'number') return false;
  const text = String(principal);
  if (text === '*' || text.toLowerCase() === 'all') return true;
  const owner = ownerOf(text);
  return owner !== undefined && owner !== account;
}

/** Who outside the account a policy lets in: `*` when anybody, account principals, identity providers of other accounts. */
export function externalPrincipals(policy: unknown, account: string): readonly string[] {
  const found = allows(policy).flatMap((statement) =>
    principalsOf(statement)
      .filter(({ type, value }) => {
        if (value === '*') return type === 'AWS' && !isBounded(statement);
        return (type === 'AWS' || type === 'Federated') && isForeignPrincipal(value, account);
      })
      .map(({ value }) => value),
  );
  return [...new Set(found)].sort();
}

export function isPublicPolicy(policy: unknown): boolean {
  return externalPrincipals(policy, '').includes('*');
}

/** Who a new policy lets in from outside and the old one did not. */
export function newExternalPrincipals(before: unknown, after: unknown, account: string): readonly string[] {
  const known = externalPrincipals(before, account);
  return externalPrincipals(after, account).filter((principal) => !known.includes(principal));
}

/** Whether every outsider whom a policy lets in must also say a word agreed on, which keeps a supplier's other customers out. */
export function asksExternalId(policy: unknown, account: string): boolean {
  const outside = allows(policy).filter((statement) => principalsOf(statement).some(({ value }) => isForeignPrincipal(value, account)));
  return outside.length > 0 && outside.every((statement) => constraints(statement).some(asksWord));
}

/** A word that anybody's would do for is none. */
function asksWord({ operator, key, values }: Constraint): boolean {
  return key === 'sts:externalid' && !/not|^null$/.test(operator) && values.length > 0 && !values.some((value) => /^[*?]+$/.test(value));
}

/** Providers whose audience is the same for all of their customers. */
const SHARED_AUDIENCE = /^(token\.actions\.|gitlab\.com:|app\.terraform\.io:)/;

/** Identity providers a trust policy admits without saying which of their subjects: any repository, any user of the provider. */
export function openFederations(policy: unknown): readonly string[] {
  return allows(policy).flatMap((statement) =>
    constraints(statement).some(namesSubjects)
      ? []
      : principalsOf(statement)
          .filter(({ type }) => type === 'Federated')
          .map(({ value }) => value),
  );
}

/**
 * The subject must be named beyond the provider's own first words: `repo:*` is every repository of the world,
 * `system:serviceaccount:*` every workload of a cluster. An audience
 * names the application that asked, which is enough but for providers where all of them share it.
 */
function namesSubjects({ operator, key, values }: Constraint): boolean {
  if (/not|^null$/.test(operator) || values.length === 0) return false;
  if (/:(sub|amr)$/.test(key))
    return values.every((value) => !/[*?]/.test(value) || /^(?!system:serviceaccount:[*?])[^*?:]+:[^*?]+/.test(value));
  return /:aud$/.test(key) && !SHARED_AUDIENCE.test(key);
}
