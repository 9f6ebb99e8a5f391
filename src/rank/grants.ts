/** What an identity policy lets its holder do: everything, more rights than given, whole services, every secret. */
import { allows, constraints, covers, everywhere, grants, strings } from './policy.ts';

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

/** What a policy of AWS itself gives, by its fixed name; '' for policies of the account, whose names are free. */
export function managedPower(arn: unknown): 'admin' | 'full' | 'read' | 'some' | '' {
  if (typeof arn !== 'string' || !/^arn:[^:]+:(iam::aws:policy|eks::aws:cluster-access-policy)\//.test(arn)) return '';
  const name = arn.slice(arn.lastIndexOf('/') + 1);
  if (ADMIN_MANAGED.includes(name) || name === 'AmazonEKSClusterAdminPolicy') return 'admin';
  if (/ReadOnly|ViewOnly|SecurityAudit|ViewPolicy$/.test(name) || arn.includes(':policy/service-role/')) return 'read';
  return /FullAccess|PowerUser|ReadWrite|Admin/.test(name) ? 'full' : 'some';
}

export function isAdminManagedPolicy(arn: unknown): boolean {
  return managedPower(arn) === 'admin';
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

/** The ways to more rights that a new policy opens and the old one did not. */
export function newEscalations(before: unknown, after: unknown): readonly string[] {
  const known = escalations(before);
  return escalations(after).filter((action) => !known.includes(action));
}

/** Whether a policy lets its holder hand any role to a service, without a condition on which service. */
export function allowsPassRole(policy: unknown): boolean {
  return allows(policy).some(
    (statement) =>
      everywhere(statement) &&
      grants(statement, 'iam:PassRole') &&
      !constraints(statement).some(({ key }) => key === 'iam:passedtoservice'),
  );
}

/** Reading these on every resource is reading every secret of the account. */
const SECRETS = ['secretsmanager:GetSecretValue', 'ssm:GetParameter', 'ssm:GetParameters', 'kms:Decrypt'];

/** What a policy grants by the whole: `s3:*` on everything, all but a few services, every secret. Empty for narrow ones. */
export function broadGrants(policy: unknown): readonly string[] {
  const found = allows(policy)
    .filter((statement) => everywhere(statement) && constraints(statement).length === 0)
    .flatMap((statement) => {
      if (statement.NotAction !== undefined) return [`everything but ${strings(statement.NotAction).join(', ')}`];
      const services = strings(statement.Action).filter((pattern) => /^(\*|[a-z0-9-]+:\*)$/i.test(pattern));
      const secrets = SECRETS.filter((action) => strings(statement.Action).some((pattern) => covers(pattern, action)));
      return services.length > 0 ? services : secrets;
    });
  return [...new Set(found)];
}
