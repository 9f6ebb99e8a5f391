/** A trail's bucket: the way for organisations and long histories. */
import type { Trail } from 'drifttrail';
import { z } from 'zod';
import { accountIdOption } from '../../exporters/_aws/options.ts';
import { faultOf } from '../../exporters/_aws/errors.ts';
import { accessShape } from '../_cloudtrail/access.ts';
import { publicKeysOption } from '../_cloudtrail/digest-keys.ts';
import { openBucket } from './bucket.ts';
import { rootOf } from './layout.ts';
import { readBucket } from './read.ts';

const options = z.strictObject({
  bucket: z.string().min(3).describe('The bucket that the trail delivers to'),
  prefix: z.string().optional().describe('The trail’s key prefix, before AWSLogs/'),
  organization: z
    .string()
    .regex(/^o-[a-z0-9]{10,32}$/, 'an organisation id looks like o-abcde12345')
    .optional()
    .describe('The organisation’s id, for an organisation trail'),
  accounts: z.array(accountIdOption).min(1).optional().describe('Accounts to read; default all in the bucket'),
  regions: z
    .array(z.string().min(1))
    .min(1)
    .optional()
    .describe('Regions to read; default all in the bucket. us-east-1 (cn-north-1, us-gov-west-1) has IAM'),
  bucketRegion: z
    .string()
    .default('us-east-1')
    .describe('Where the bucket is; another region of the same partition costs one more request'),
  ...accessShape,
  publicKeys: publicKeysOption,
});
type Options = z.infer<typeof options>;

const FIX = 'correct the bucket, or the credentials under trail:; the rights that are needed: drifttrail permissions';

const trail: Trail<Options> = {
  name: 's3',
  summary: 'CloudTrail files in a bucket, of one account or an organisation',
  scopes: ['aws'],
  options,
  permissions: ['s3:ListBucket', 's3:GetObject', 'cloudtrail:ListPublicKeys'],
  async *read(context) {
    const bucket = await openBucket(context.options, context, context.signal);
    try {
      yield* readBucket(bucket, context.options, context);
    } finally {
      bucket.close();
    }
  },
  async probe({ options: own, signal, ...surroundings }) {
    const prefix = `${rootOf(own)}${own.accounts === undefined ? '' : `${own.accounts[0]}/CloudTrail/`}`;
    const system = `s3://${own.bucket}/${prefix}`;
    const bucket = await openBucket(own, surroundings, signal);
    try {
      const { folders } = await bucket.list(prefix, { folders: true });
      if (folders.length > 0) return [{ system, ok: true, detail: `can be listed: ${folders.slice(0, 3).join(', ')}` }];
      return [
        { system, ok: false, detail: 'it holds no trail', fix: 'correct bucket, prefix and organization under trail: in drifttrail.yaml' },
      ];
    } catch (error) {
      const { detail } = faultOf(error, { action: 's3:ListBucket', region: system });
      return [{ system, ok: false, detail, fix: FIX }];
    } finally {
      bucket.close();
    }
  },
  async *verify(context) {
    const { verifyBucket } = await import('./verify.ts');
    yield* verifyBucket(context.options, context);
  },
};
export default trail;
