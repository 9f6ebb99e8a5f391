/** What an IAM policy document grants and to whom: the questions that rules ask of trust, resource and identity policies. */
import type { Json, JsonObject } from '../model.ts';
import { isObject } from '../pointer.ts';

/** A policy from an object, or from the JSON text (sometimes percent-encoded) that audit records carry; null when it is none. */
export function parsePolicy(value: unknown): JsonObject | null {
  if (isObject(value)) return value;
  if (typeof value !== 'string') return null;
  for (const candidate of [value, decoded(value)]) {
    try {
      const parsed: unknown = JSON.parse(candidate);
      if (isObject(parsed)) return parsed;
    } catch {
      // Not JSON in this spelling; a text that is none in either is no policy.
    }
  }
  return null;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function statements(policy: unknown): readonly JsonObject[] {
  const document = parsePolicy(policy);
  const found = document?.Statement ?? document?.statement ?? (document?.Effect === undefined ? [] : document);
  return (Array.isArray(found) ? found : [found]).filter(isObject);
}

function allows(policy: unknown): readonly JsonObject[] {
  return statements(policy).filter((statement) => statement.Effect === 'Allow');
}

function strings(value: Json | undefined): readonly string[] {
  if (typeof value === 'string') return [value];
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
}

function actionMatches(pattern: string, action: string): boolean {
  const expression = pattern
    .toLowerCase()
    .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${expression}$`).test(action.toLowerCase());
}

function grants(statement: JsonObject, action: string): boolean {
  if (statement.NotAction !== undefined) return !strings(statement.NotAction).some((pattern) => actionMatches(pattern, action));
  return strings(statement.Action).some((pattern) => actionMatches(pattern, action));
}

function everywhere(statement: JsonObject): boolean {
  if (statement.NotResource !== undefined) return true;
  return (
    statement.Resource === undefined ||
    strings(statement.Resource).some((resource) => /^(\*|arn:[^:]*:[^:]*:[^:]*:[^:]*:(\*|[a-z-]+\/\*))$/.test(resource))
  );
}

/** Whether a policy grants everything: all actions, or all of IAM, which is the right to take the rest. */
export function isAdminPolicy(policy: unknown): boolean {
  return allows(policy).some(
    (statement) =>
      everywhere(statement) &&
      grants(statement, 'iam:CreatePolicyVersion') &&
      grants(statement, 'iam:PassRole') &&
      grants(statement, 'iam:AttachUserPolicy'),
  );
}

/** AWS's own policies that make their holder an administrator, or able to become one. */
const ADMIN_MANAGED = [
  'AdministratorAccess',
  'IAMFullAccess',
  'PowerUserAccess',
  'AdministratorAccess-Amplify',
  'AWSOrganizationsFullAccess',
];

export function isAdminManagedPolicy(arn: unknown): boolean {
  return typeof arn === 'string' && /^arn:[^:]+:iam::aws:policy\//.test(arn) && ADMIN_MANAGED.includes(arn.slice(arn.lastIndexOf('/') + 1));
}

/**
 * Actions that let their holder gain rights he was not given, when allowed on every resource: changing policies, making
 * credentials for others, taking over roles, running code with another role (the paths catalogued by Rhino Security Labs).
 */
const ESCALATIONS = [
  'iam:CreatePolicyVersion',
  'iam:SetDefaultPolicyVersion',
  'iam:AttachUserPolicy',
  'iam:AttachGroupPolicy',
  'iam:AttachRolePolicy',
  'iam:PutUserPolicy',
  'iam:PutGroupPolicy',
  'iam:PutRolePolicy',
  'iam:AddUserToGroup',
  'iam:UpdateAssumeRolePolicy',
  'iam:CreateAccessKey',
  'iam:CreateLoginProfile',
  'iam:UpdateLoginProfile',
  'iam:DeleteUserPermissionsBoundary',
  'iam:DeleteRolePermissionsBoundary',
  'lambda:UpdateFunctionCode',
  'sts:AssumeRole',
];

export function escalations(policy: unknown): readonly string[] {
  const wide = allows(policy).filter(everywhere);
  return ESCALATIONS.filter((action) => wide.some((statement) => grants(statement, action)));
}

/** Whether a policy lets its holder hand any role to a service, without a condition on which service. */
export function allowsPassRole(policy: unknown): boolean {
  return allows(policy).some(
    (statement) => everywhere(statement) && grants(statement, 'iam:PassRole') && !hasCondition(statement, 'iam:passedtoservice'),
  );
}

function conditionKeys(statement: JsonObject): readonly string[] {
  return isObject(statement.Condition)
    ? Object.values(statement.Condition)
        .flatMap((operands) => (isObject(operands) ? Object.keys(operands) : []))
        .map((key) => key.toLowerCase())
    : [];
}

function hasCondition(statement: JsonObject, ...names: readonly string[]): boolean {
  return conditionKeys(statement).some((key) => names.includes(key));
}

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
  'aws:sourceip',
  'aws:sourcevpc',
  'aws:sourcevpce',
  'aws:userid',
  'kms:calleraccount',
  's3:dataaccesspointaccount',
  'lambda:functionurlauthtype',
];

function principals(statement: JsonObject): readonly { readonly type: string; readonly value: string }[] {
  const { Principal: principal } = statement;
  if (statement.NotPrincipal !== undefined) return [{ type: 'AWS', value: '*' }];
  if (principal === '*') return [{ type: 'AWS', value: '*' }];
  if (!isObject(principal)) return [];
  return Object.entries(principal).flatMap(([type, value]) => strings(value).map((text) => ({ type, value: text })));
}

function accountOf(principal: string): string | undefined {
  return /^\d{12}$/.test(principal) ? principal : /^arn:[^:]*:[^:]*:[^:]*:(\d{12}):/.exec(principal)?.[1];
}

/** Who outside the account a policy lets in: `*` when anybody, account principals, identity providers of other accounts. */
export function externalPrincipals(policy: unknown, account: string): readonly string[] {
  const found = allows(policy).flatMap((statement) =>
    principals(statement)
      .filter(({ type, value }) => {
        if (value === '*') return type === 'AWS' && !hasCondition(statement, ...BOUNDARIES);
        const owner = accountOf(value);
        return (type === 'AWS' || type === 'Federated') && owner !== undefined && owner !== account;
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

/** Identity providers a trust policy admits without saying which of their subjects: any repository, any user of the provider. */
export function openFederations(policy: unknown): readonly string[] {
  return allows(policy).flatMap((statement) => {
    const narrowed = conditionKeys(statement).some(
      (key) => /:(sub|amr|aud)$/.test(key) && !(/:aud$/.test(key) && key.startsWith('token.actions.')),
    );
    return narrowed
      ? []
      : principals(statement)
          .filter(({ type }) => type === 'Federated')
          .map(({ value }) => value);
  });
}

/** Whether a policy's Allow reaches further than before: a statement gone from Condition, a wildcard where names stood. */
export function isWidened(before: unknown, after: unknown): boolean {
  const breadth = (policy: unknown): number =>
    allows(policy).reduce(
      (sum, statement) =>
        sum +
        (everywhere(statement) ? 2 : 1) *
          (grants(statement, '*:*') || grants(statement, 'any:thing') ? 3 : 1) *
          (conditionKeys(statement).length === 0 ? 2 : 1),
      0,
    );
  return breadth(after) > breadth(before);
}
