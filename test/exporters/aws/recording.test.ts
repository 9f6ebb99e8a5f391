import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AwsRequest, Send } from '../../../exporters/_aws/api.ts';
import { readRecording, recordingTo, replaying } from '../../../exporters/_aws/recording.ts';

const signal = new AbortController().signal;
const request: AwsRequest = { service: 'ec2', operation: 'DescribeVpcs', input: { MaxResults: 5, Filter: 'a' }, region: 'eu-west-1' };
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drifttrail-recording-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('a recording', () => {
  it('gives back what was answered: times, nesting, whatever order the input has', async () => {
    const answer = {
      Vpcs: [{ VpcId: 'vpc-1', At: new Date('2026-01-15T08:00:00Z'), Deep: { On: [new Date(0)] } }],
      $metadata: { attempts: 1 },
    };
    const recorded = await recordingTo(folder, '123456789012', async () => answer)(request, signal);
    expect(recorded).toBe(answer);
    const { $metadata: _, ...data } = answer;
    const replay = replaying(await readRecording(folder), '123456789012');
    expect(await replay({ ...request, input: { Filter: 'a', MaxResults: 5 } }, signal)).toEqual(data);
  });

  it('gives back errors as errors', async () => {
    const refused: Send = async () => {
      throw Object.assign(new Error('no'), { name: 'UnauthorizedOperation', $metadata: { httpStatusCode: 403 } });
    };
    await expect(recordingTo(folder, '1', refused)(request, signal)).rejects.toThrow('no');
    const replay = replaying(await readRecording(folder), '1');
    await expect(replay(request, signal)).rejects.toMatchObject({ name: 'UnauthorizedOperation', $metadata: { httpStatusCode: 403 } });
  });

  it('keeps accounts, regions and inputs apart, and lets a star fit any', async () => {
    const line = (fields: object) =>
      JSON.stringify({ account: '1', region: 'eu-west-1', service: 'ec2', operation: 'DescribeVpcs', ...fields });
    const lines = [line({ input: {}, output: { Of: 'exact' } }), line({ account: '*', region: '*', input: '*', output: { Of: 'any' } })];
    await writeFile(join(folder, 'a.jsonl'), `${lines.join('\n')}\n`);
    const recording = await readRecording(folder);
    const ask = (account: string, fields: Partial<AwsRequest>) =>
      replaying(recording, account)({ ...request, input: {}, ...fields }, signal);
    expect(await ask('1', {})).toEqual({ Of: 'exact' });
    expect(await ask('2', {})).toEqual({ Of: 'any' });
    expect(await ask('1', { region: 'us-east-1' })).toEqual({ Of: 'any' });
    expect(await ask('1', { input: { NextToken: 'x' } })).toEqual({ Of: 'any' });
    await expect(ask('1', { operation: 'DescribeSubnets' })).rejects.toMatchObject({ code: 'not-recorded' });
  });

  it('says which line is wrong', async () => {
    await writeFile(join(folder, 'a.jsonl'), '{"account":"1","region":"r","service":"ec2","operation":"O","output":{}}\n{"account":"1"}\n');
    await expect(readRecording(folder)).rejects.toMatchObject({ code: 'replay-invalid', position: { line: 2 } });
    await writeFile(join(folder, 'a.jsonl'), 'no');
    await expect(readRecording(folder)).rejects.toMatchObject({ code: 'replay-invalid', position: { line: 1 } });
    await expect(readRecording(join(folder, 'none'))).rejects.toMatchObject({ code: 'replay-missing' });
  });
});
