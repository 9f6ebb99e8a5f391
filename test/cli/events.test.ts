import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cli, folder } from './run.ts';

const record = (time: string, more: object = {}) =>
  JSON.stringify({
    eventVersion: '1.08',
    eventID: '0b1c2d3e-0000-4000-8000-000000000001',
    eventTime: time,
    eventSource: 'ec2.amazonaws.com',
    eventName: 'DeleteRoute',
    awsRegion: 'eu-west-1',
    recipientAccountId: '111122223333',
    eventType: 'AwsApiCall',
    readOnly: false,
    userIdentity: { type: 'IAMUser', userName: 'alice', accountId: '111122223333' },
    requestParameters: { routeTableId: 'rtb-0a1', destinationCidrBlock: '0.0.0.0/0' },
    responseElements: { _return: true },
    ...more,
  });

interface Printed {
  readonly window: { readonly from: string; readonly to: string };
  readonly findings: readonly { readonly id: string; readonly resource: { readonly id: string } }[];
  readonly gaps: readonly { readonly detail: string }[];
}

test.each([
  ['empty.json', '', 'empty.json:1: the file is empty'],
  ['cut.json', '{"Records":\n', 'cut.json:2: Unexpected end of JSON input'],
  ['else.json', '{"a":1}', 'else.json: it holds no audit records'],
])('%s: when nothing can be read, one line names the place and what to do', async (name, text, why) => {
  const dir = folder({ [name]: text });
  const { code, stdout, stderr } = await cli(['events', join(dir, name)]);
  expect({ code, stdout, stderr }).toEqual({
    code: 1,
    stdout: '',
    stderr: `drifttrail: ${join(dir, why)}; repair the file or leave it out\n`,
  });
});

test('what can be read is ranked, the rest is a gap, and the span is that of the records', async () => {
  const dir = folder({
    'a.jsonl': `${record('2026-01-14T14:02:00Z')}\n${record('2026-01-14T14:02:00Z')}\nbroken\n`,
    'b.jsonl': record('2026-01-14T16:00:00Z', { eventName: 'DescribeVpcs', readOnly: true, requestParameters: {} }),
  });
  const { code, stdout } = await cli(['events', '--json', dir]);
  const printed = JSON.parse(stdout) as Printed;
  expect(code).toBe(3);
  expect(printed.window).toEqual({ from: '2026-01-14T14:02:00Z', to: '2026-01-14T16:00:00Z' });
  expect(printed.findings.map(({ resource }) => resource.id)).toEqual(['rtb-0a1']);
  expect(printed.gaps.map(({ detail }) => detail)).toEqual([expect.stringContaining('a.jsonl:3: ')]);
});

test('records that share a placeholder for their id are told apart', async () => {
  const dir = folder({
    'a.jsonl': ['2026-01-14T14:02:00Z', '2026-01-14T14:03:00Z'].map((time) => record(time, { eventID: '…' })).join('\n'),
  });
  const { findings } = JSON.parse((await cli(['events', '--json', dir])).stdout) as Printed;
  expect(new Set(findings.map(({ id }) => id)).size).toBe(2);
});
