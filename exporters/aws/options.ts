/** The options of the AWS exporter, as the configuration names them. */
import { z } from 'zod';
import { sessionShape } from '../_aws/options.ts';

export const options = z.strictObject({
  ...sessionShape,
  rate: z.number().positive().max(100).default(5).describe('Requests per second for each account, region and API'),
  deadline: z.number().positive().default(300).describe('Seconds after which an account and region that has not finished is a gap'),
  concurrency: z.int().positive().max(500).default(64).describe('Accounts and regions read at the same time'),
  trailFiles: z.array(z.string().min(1)).optional().describe('With replay: recorded CloudTrail files to read instead of AWS'),
});

export type Options = z.infer<typeof options>;
