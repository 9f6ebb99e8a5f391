/** The s3 trail's proof against moto's S3: signatures in the metadata of objects, and what tampering with them does. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { CreateBucketCommand, DeleteObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { realSurroundings } from '../../src/surroundings.ts';
import trail from '../../trails/s3/index.ts';
import { type Moto, startMoto } from '../aws/endpoint/moto.ts';
import { temporaryFolder } from '../store/repository.ts';
import { type Verdict, witness } from './bucket.ts';
import { BUCKET, deliver, publicKeyList, sharedKey } from './delivered.ts';

let moto: Moto;
let s3: S3Client;
beforeAll(async () => {
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' });
  moto = await startMoto();
  s3 = new S3Client({ endpoint: `http://${moto.host}:${moto.port}`, region: 'us-east-1', forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
});
afterAll(async () => {
  s3?.destroy();
  await moto?.stop();
});

const FROM = Date.parse('2026-07-01T20:01:31Z');

test('a bucket of 30 digests is proven; a log that was changed and a digest that was deleted are found', async () => {
  const { files, digests, logs, end } = deliver({ from: FROM, hours: 30 });
  for (const [Key, { bytes, metadata }] of files)
    await s3.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body: bytes, Metadata: { ...metadata } }));
  const dir = temporaryFolder();
  writeFileSync(join(dir, 'keys.json'), publicKeyList(sharedKey()));
  const verify = async (): Promise<Verdict> => {
    const { verdict, context } = witness({ now: end + 70 * 60_000, since: FROM - 3_600_000 });
    const options = trail.options.parse({ bucket: BUCKET, endpoint: `http://${moto.host}:${moto.port}`, publicKeys: 'keys.json' }) as never;
    for await (const problem of trail.verify?.({ ...realSurroundings(dir), ...context, options }) ?? []) verdict.problems.push(problem);
    return verdict;
  };
  expect(await verify()).toEqual({ problems: [], gaps: [], notes: [], checked: { digests: 30, 'log files': 72 } });
  const changed = logs[40] ?? '';
  await s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: changed, Body: gzipSync('{"Records":[]}') }));
  await s3.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: digests[5] ?? '' }));
  expect((await verify()).problems.map(({ what, key }) => `${what} AWSLogs/${key}`)).toEqual(
    expect.arrayContaining([`log-altered ${changed}`, `digest-missing ${digests[5]}`]),
  );
}, 240_000);
