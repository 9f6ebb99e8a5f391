/** The options that everything reading AWS shares: which accounts and regions, how fast, and from where. */
import { z } from 'zod';

const ROLE_ARN = /^arn:aws[\w-]*:iam::\d{12}:role\/.+$/;
const ROLE_ARN_HINT = 'a role ARN looks like arn:aws:iam::123456789012:role/drifttrail';

export const accountIdOption = z.string().regex(/^\d{12}$/, 'an account id has 12 digits');
export const regionOption = z.string().regex(/^[a-z]{2,4}(-[a-z]+)+-\d+$/, 'a region looks like eu-west-1');
export const endpointOption = z.url().optional().describe('Another endpoint than AWS; default AWS_ENDPOINT_URL');

/** As whom one account is asked. */
export const credentialsShape = {
  profile: z.string().min(1).optional().describe('A profile of ~/.aws/config; without it the default credential chain'),
  roleArn: z.string().regex(ROLE_ARN, ROLE_ARN_HINT).optional().describe('A role to assume with those credentials'),
  externalId: z.string().min(2).optional().describe('The external ID that the role asks for'),
};

const accountOption = z
  .strictObject({
    ...credentialsShape,
    id: accountIdOption.optional().describe('The account that must answer; another one is a gap'),
  })
  .describe('{} is the default credential chain');

export type AccountOption = z.infer<typeof accountOption>;

const organizationOption = z.strictObject({
  role: z
    .string()
    .regex(/^[\w+=,.@/-]+$/, 'the name of a role, with its path if it has one')
    .default('drifttrail')
    .describe('The role to assume in each account'),
  externalId: z.string().min(2).optional().describe('The external ID that the roles ask for'),
  profile: z.string().min(1).optional().describe('The profile that lists the accounts and assumes the roles'),
  roleArn: z
    .string()
    .regex(ROLE_ARN, ROLE_ARN_HINT)
    .optional()
    .describe('A role to list the accounts with, when the profile itself may not'),
  except: z.array(accountIdOption).default([]).describe('Accounts to leave out'),
});

export type OrganizationOption = z.infer<typeof organizationOption>;

export const sessionShape = {
  accounts: z
    .union([z.literal('organization'), z.strictObject({ organization: organizationOption }), z.array(accountOption).min(1)])
    .default([{}])
    .describe('The accounts to read: a list, or organization for all that AWS Organizations lists'),
  regions: z
    .union([z.literal('enabled'), z.array(regionOption).min(1)])
    .default('enabled')
    .describe('Regions to read; "enabled": those that the account has enabled'),
  endpoint: endpointOption,
  record: z.string().min(1).optional().describe('A folder to which every answer is recorded'),
  replay: z.string().min(1).optional().describe('A folder of recorded answers to read instead of AWS; needs no credentials'),
};

export interface SessionOptions {
  readonly accounts: 'organization' | { readonly organization: OrganizationOption } | readonly AccountOption[];
  readonly regions: 'enabled' | readonly string[];
  /** Requests per second for each account, region and API. */
  readonly rate: number;
  readonly endpoint?: string | undefined;
  readonly record?: string | undefined;
  readonly replay?: string | undefined;
}

/** How an account is called before it has told its number: the role's ARN, the profile, or `default`. */
export function labelOf(account: AccountOption): string {
  return account.roleArn ?? account.profile ?? 'default';
}

/** The account's number as far as the configuration tells it. */
export function expectedId(account: AccountOption): string | undefined {
  return account.id ?? account.roleArn?.split(':')[4];
}
