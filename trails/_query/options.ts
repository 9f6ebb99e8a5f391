/** The options of trails that are asked by SQL. */
import { z } from 'zod';
import { accountIdOption, regionOption } from '../../exporters/_aws/options.ts';
import { accessShape } from '../_cloudtrail/access.ts';

export const queryShape = {
  accounts: z.array(accountIdOption).min(1).max(200).optional().describe('Accounts to read; default all that are recorded'),
  regions: z
    .array(regionOption)
    .min(1)
    .optional()
    .describe('Regions to read; default all that are recorded. us-east-1 (cn-north-1, us-gov-west-1) has IAM'),
  deadline: z.number().positive().max(3600).default(300).describe('Seconds until a query is taken back'),
  ...accessShape,
};
