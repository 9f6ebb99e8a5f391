/** How trails that ask one service of AWS get in: the options, and a sender with those credentials. */
import type { Surroundings } from 'drifttrail';
import { z } from 'zod';
import type { Send } from '../../exporters/_aws/api.ts';
import { openSdk } from '../../exporters/_aws/sdk.ts';

export const accessShape = {
  profile: z.string().min(1).optional().describe('A profile of ~/.aws/config; without it the default credential chain'),
  roleArn: z
    .string()
    .regex(/^arn:aws[\w-]*:iam::\d{12}:role\/.+$/, 'a role ARN looks like arn:aws:iam::123456789012:role/drifttrail')
    .optional()
    .describe('A role to assume with those credentials'),
  externalId: z.string().min(2).optional().describe('The external ID that the role asks for'),
  endpoint: z.url().optional().describe('Another endpoint than AWS; default AWS_ENDPOINT_URL'),
};

export const accountsOption = z
  .array(z.string().regex(/^\d{12}$/, 'an account id has 12 digits'))
  .min(1)
  .max(200)
  .optional()
  .describe('Accounts to read; default all that are recorded');
export const regionOption = z.string().regex(/^[a-z]{2,4}(-[a-z]+)+-\d+$/, 'a region looks like eu-west-1');

export const regionsOption = z
  .array(regionOption)
  .min(1)
  .optional()
  .describe('Regions to read; default all that are recorded. us-east-1 (cn-north-1, us-gov-west-1) has IAM');
export const deadlineOption = z.number().positive().max(3600).default(300).describe('Seconds until a query is taken back');

export interface AccessOptions {
  readonly profile?: string | undefined;
  readonly roleArn?: string | undefined;
  readonly externalId?: string | undefined;
  readonly endpoint?: string | undefined;
}

/** `rate` in requests a second. */
export async function openAccess(
  { profile, roleArn, externalId, endpoint }: AccessOptions,
  rate: number,
  surroundings: Surroundings,
): Promise<{ readonly send: Send; readonly close: () => void }> {
  const sdk = await openSdk({ rate, endpoint }, surroundings);
  return { send: await sdk.sender({ profile, roleArn, externalId }), close: sdk.close };
}
