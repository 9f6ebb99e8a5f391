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
  ['empty.json', '', 'empty.json:1: the file is empty, it holds no records'],
  ['empty.jsonl', '', 'empty.jsonl:1: the file is empty, it holds no records'],
  ['empty.json.gz', '', 'empty.json.gz: the archive is cut off: not a byte of it is there'],
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

test('a trail of the deployment that cannot be read is a gap beside what the others tell', async () => {
  const dir = folder({
    'drifttrail.yaml':
      'exporters:\n  - { use: host, root: . }\ntrail:\n  - { use: files, files: [nothing.jsonl] }\n  - { use: files, files: [a.jsonl] }\n',
    'a.jsonl': record(new Date(Date.now() - 60_000).toISOString()),
  });
  expect((await cli(['init', dir])).code).toBe(0);
  const { code, stdout, stderr } = await cli(['events', '--json', '--dir', dir]);
  expect({ code, stderr }).toMatchObject({ code: 3, stderr: expect.stringContaining('1 files or records could not be read') });
  const { findings, gaps } = JSON.parse(stdout) as Printed;
  expect(findings.map(({ resource }) => resource.id)).toEqual(['rtb-0a1']);
  expect(gaps.map(({ detail }) => detail)).toEqual([expect.stringContaining('nothing.jsonl does not exist')]);
});

test('records that share a placeholder for their id are told apart', async () => {
  const dir = folder({
    'a.jsonl': ['2026-01-14T14:02:00Z', '2026-01-14T14:03:00Z'].map((time) => record(time, { eventID: '…' })).join('\n'),
  });
  const { findings } = JSON.parse((await cli(['events', '--json', dir])).stdout) as Printed;
  expect(new Set(findings.map(({ id }) => id)).size).toBe(2);
});

test('for a SIEM an event is an OCSF API Activity, with all that the class requires', async () => {
  const more = (eventID: string, rest: object) => record('2026-01-14T14:03:00Z', { eventID, ...rest });
  const dir = folder({
    'a.jsonl': [
      record('2026-01-14T14:02:00Z', { sourceIPAddress: '192.0.2.1' }),
      more('e-2', { sourceIPAddress: 'cloudformation.amazonaws.com', eventName: 'CreateRoute' }),
      more('e-3', { eventName: 'DescribeVpcs', readOnly: true, requestParameters: {} }),
      more('e-4', { errorCode: 'AccessDenied', errorMessage: 'no' }),
    ].join('\n'),
  });
  const { code, stdout } = await cli(['events', '--all', '--format', 'ocsf', dir]);
  expect(code).toBe(0);
  const events = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { activity_id: number; type_uid: number; api: { request: { uid: string } } });
  const of = (uid: string) => events.find(({ api }) => api.request.uid === uid);
  for (const event of events) {
    expect(event).toMatchObject({ class_uid: 6003, category_uid: 6, severity_id: expect.any(Number), time: expect.any(Number) });
    expect(event).toMatchObject({ metadata: { version: '1.3.0', product: { vendor_name: 'drifttrail' }, profiles: ['cloud'] } });
    expect(event).toMatchObject({ actor: { user: { name: 'alice' } }, api: { operation: expect.any(String) }, cloud: { provider: 'AWS' } });
    expect(event.type_uid).toBe(600_300 + event.activity_id);
  }
  expect(of('0b1c2d3e-0000-4000-8000-000000000001')).toMatchObject({
    activity_name: 'Update',
    src_endpoint: { ip: '192.0.2.1' },
    status_id: 1,
  });
  expect(of('e-2')).toMatchObject({ src_endpoint: { svc_name: 'cloudformation.amazonaws.com' } });
  expect(of('e-3')).toMatchObject({ activity_name: 'Read', src_endpoint: { name: 'unknown' } });
  expect(of('e-4')).toMatchObject({ status: 'Failure', status_code: 'AccessDenied', api: { response: { error: 'AccessDenied' } } });
});

test('who asked for the credentials is named, wherever in the files that is told', async () => {
  const session = (name: string, accessKeyId: string) => ({
    userIdentity: {
      type: 'AssumedRole',
      arn: `arn:aws:sts::111122223333:assumed-role/Admin/${name}`,
      accountId: '111122223333',
      accessKeyId,
      sessionContext: { sessionIssuer: { type: 'Role', userName: 'Admin' } },
    },
  });
  const assumed = (id: string, time: string, userIdentity: object, accessKeyId: string) =>
    record(time, {
      eventID: id,
      eventSource: 'sts.amazonaws.com',
      eventName: 'AssumeRole',
      readOnly: true,
      userIdentity,
      responseElements: { credentials: { accessKeyId } },
    });
  const alice = { type: 'IAMUser', userName: 'alice', accountId: '111122223333', accessKeyId: 'AKIAIOSFODNN7EXAMPLE' };
  const dir = folder({
    'a.jsonl': record('2026-01-14T14:02:00Z', { eventID: 'e1', ...session('1700000000', 'ASIA2') }),
    'b.jsonl': [
      assumed('e2', '2026-01-14T13:59:00Z', session('1600000000', 'ASIA1').userIdentity, 'ASIA2'),
      assumed('e3', '2026-01-14T13:50:00Z', alice, 'ASIA1'),
    ].join('\n'),
  });
  for (const since of [[], ['--since', '2026-01-14T14:00']]) {
    const { findings } = JSON.parse((await cli(['events', '--json', ...since, dir])).stdout) as {
      findings: { resource: { id: string }; attribution: { actor: { name: string; role: string } } }[];
    };
    expect(findings.map(({ attribution }) => attribution.actor)).toEqual([expect.objectContaining({ name: 'alice', role: 'Admin' })]);
  }
});
