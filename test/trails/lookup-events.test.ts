/** LookupEvents through the real SDK against a server of our own: pages, regions, marks, chains, refusals. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { TrailContext, TrailGap } from '../../src/model.ts';
import { realSurroundings } from '../../src/surroundings.ts';
import trail from '../../trails/lookup-events/index.ts';
import { ACCOUNT, writeRecord } from './record.ts';

const OTHER = '210987654321';
const identityOf = (account: string) =>
  `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Arn>arn:aws:iam::${account}:user/me</Arn><UserId>A</UserId><Account>${account}</Account></GetCallerIdentityResult><ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></GetCallerIdentityResponse>`;

/** The other account is read by the keys of a role in it. */
const OTHER_KEY = 'ASIAOTHER';
const ASSUMED = `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials><AccessKeyId>${OTHER_KEY}</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials><AssumedRoleUser><Arn>arn:aws:sts::${OTHER}:assumed-role/r/s</Arn><AssumedRoleId>A:s</AssumedRoleId></AssumedRoleUser></AssumeRoleResult></AssumeRoleResponse>`;

interface Question {
  readonly account: string;
  readonly region: string;
  readonly LookupAttributes: readonly { AttributeKey: string; AttributeValue: string }[];
  readonly StartTime: number;
  readonly EndTime: number;
  readonly NextToken?: string;
  readonly MaxResults: number;
}
let server: Server;
let asked: Question[];
let answer: (question: Question) => { events?: object[]; next?: string; error?: string };

beforeEach(async () => {
  process.env['AWS_ACCESS_KEY_ID'] = 'AKIATEST';
  process.env['AWS_SECRET_ACCESS_KEY'] = 'test';
  asked = [];
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      const account = request.headers.authorization?.includes(OTHER_KEY) ? OTHER : ACCOUNT;
      if (request.headers['x-amz-target'] === undefined) {
        response.end(body.includes('Action=AssumeRole') ? ASSUMED : identityOf(account));
        return;
      }
      const region = /\/\d{8}\/([^/]+)\//.exec(request.headers.authorization ?? '')?.[1] ?? '';
      const question = { ...(JSON.parse(body) as Omit<Question, 'region' | 'account'>), account, region };
      asked.push(question);
      const { events = [], next, error } = answer(question);
      response.statusCode = error === undefined ? 200 : 400;
      response.setHeader('content-type', 'application/x-amz-json-1.1');
      response.end(
        JSON.stringify(
          error === undefined
            ? {
                Events: events.map((event) => ({ CloudTrailEvent: JSON.stringify(event) })),
                ...(next === undefined ? {} : { NextToken: next }),
              }
            : { __type: error, message: 'no' },
        ),
      );
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
});
afterEach(() => new Promise((resolve) => server.close(resolve)));

async function read(marks = new Map<string, string>(), accounts: object[] = [{}]) {
  const gaps: TrailGap[] = [];
  const covered: { region: string; from: string }[] = [];
  const context: TrailContext<never> = {
    ...realSurroundings('/'),
    sleep: async () => undefined,
    options: trail.options.parse({
      accounts,
      regions: ['eu-west-1'],
      endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    }) as never,
    signal: AbortSignal.timeout(20_000),
    window: { from: '2026-07-01T09:00:00Z', to: '2026-07-01T11:00:00Z' },
    mark: (key) => marks.get(key),
    setMark: (key, value) => marks.set(key, value),
    gap: (gap) => gaps.push(gap),
    covered: (span) => covered.push(span),
    progress: () => undefined,
  };
  const ids: string[] = [];
  for await (const { id } of trail.read(context)) ids.push(id);
  return { ids: ids.sort(), gaps, covered, marks };
}

test('asks each region for its writes, page by page, and us-east-1 for the global services', async () => {
  answer = ({ region, NextToken }) =>
    region === 'us-east-1'
      ? { events: [writeRecord('iam', { eventSource: 'iam.amazonaws.com' })] }
      : NextToken === undefined
        ? { events: [writeRecord('e1')], next: 'two' }
        : { events: [writeRecord('e2')] };
  const { ids, gaps, covered, marks } = await read();
  expect(ids).toEqual(['e1', 'e2', 'iam']);
  expect(gaps).toEqual([]);
  expect(covered.map(({ region }) => region).sort()).toEqual(['eu-west-1', 'us-east-1']);
  expect(marks.get(`${ACCOUNT} eu-west-1`)).toBe('{"from":"2026-07-01T09:00:00Z","to":"2026-07-01T11:00:00Z"}');
  expect(asked).toHaveLength(3);
  for (const question of asked) {
    expect(question).toMatchObject({
      LookupAttributes: [{ AttributeKey: 'ReadOnly', AttributeValue: 'false' }],
      MaxResults: 50,
      StartTime: Date.parse('2026-07-01T09:00:00Z') / 1000,
    });
  }
});

test('goes on from the last complete read, with time for what came late', async () => {
  answer = () => ({});
  await read(new Map([[`${ACCOUNT} eu-west-1`, '{"from":"2026-07-01T08:00:00Z","to":"2026-07-01T10:50:00Z"}']]));
  const starts = Object.fromEntries(asked.map(({ region, StartTime }) => [region, new Date(StartTime * 1000).toISOString()]));
  expect(starts).toEqual({ 'eu-west-1': '2026-07-01T10:20:00.000Z', 'us-east-1': '2026-07-01T09:00:00.000Z' });
});

test('a window that begins before what was read is read whole', async () => {
  answer = () => ({});
  await read(new Map([[`${ACCOUNT} eu-west-1`, '{"from":"2026-07-01T10:00:00Z","to":"2026-07-01T10:50:00Z"}']]));
  expect(new Set(asked.map(({ StartTime }) => new Date(StartTime * 1000).toISOString()))).toEqual(new Set(['2026-07-01T09:00:00.000Z']));
});

test('a refused region is a gap that says what to do, without mark or cover; the others go on', async () => {
  answer = ({ region }) => (region === 'us-east-1' ? { error: 'AccessDeniedException' } : { events: [writeRecord('e1')] });
  const { ids, gaps, covered, marks } = await read();
  expect(ids).toEqual(['e1']);
  expect(gaps).toMatchObject([
    { account: ACCOUNT, region: 'us-east-1', reason: 'denied', detail: expect.stringContaining('cloudtrail:LookupEvents') },
  ]);
  expect(covered.map(({ region }) => region)).toEqual(['eu-west-1']);
  expect([...marks.keys()]).toEqual([`${ACCOUNT} eu-west-1`]);
});

test('a page that comes twice is a gap, not an endless read', async () => {
  answer = ({ region }) => (region === 'us-east-1' ? {} : { events: [writeRecord('e1')], next: 'again' });
  expect((await read()).gaps).toMatchObject([{ region: 'eu-west-1', reason: 'truncated' }]);
});

test('follows sessions back to who assumed the role, only where a name is missing', async () => {
  const session = {
    type: 'AssumedRole',
    principalId: 'AROA:ci',
    arn: `arn:aws:sts::${ACCOUNT}:assumed-role/Deploy/ci`,
    accessKeyId: 'ASIA1',
    sessionContext: { sessionIssuer: { userName: 'Deploy' } },
  };
  const assume = (id: string, key: string) =>
    writeRecord(id, {
      eventSource: 'sts.amazonaws.com',
      eventName: 'AssumeRole',
      readOnly: true,
      responseElements: { credentials: { accessKeyId: key } },
    });
  answer = ({ region, LookupAttributes: [first] }) => {
    if (region === 'us-east-1') return {};
    return first?.AttributeKey === 'ReadOnly'
      ? { events: [writeRecord('e1', { userIdentity: session })] }
      : { events: [assume('issuer', 'ASIA1')], next: 'more' };
  };
  expect((await read()).ids).toEqual(['e1', 'issuer']);
  const chains = asked.filter(({ LookupAttributes: [first] }) => first?.AttributeKey === 'ResourceName');
  expect(chains.map(({ region, LookupAttributes: [first] }) => `${region} ${first?.AttributeValue}`)).toEqual(['eu-west-1 ASIA1']);
  expect(chains[0]?.StartTime).toBe(Date.parse('2026-06-30T21:00:00Z') / 1000);
});

test('follows a session into the account that it came from, past the copy that names only the account', async () => {
  const role = (name: string, key: string) => ({
    type: 'AssumedRole',
    principalId: `AROA:${name}`,
    arn: `arn:aws:sts::${OTHER}:assumed-role/${name}/botocore-1`,
    accessKeyId: key,
    sessionContext: { sessionIssuer: { userName: name } },
  });
  const assume = (id: string, key: string, userIdentity: object, recipientAccountId: string) => {
    const responseElements = { credentials: { accessKeyId: key } };
    const more = { eventSource: 'sts.amazonaws.com', eventName: 'AssumeRole', readOnly: true, userIdentity, recipientAccountId };
    return { ...writeRecord(id, { ...more, responseElements }), responseElements };
  };
  const issuings = {
    [OTHER]: [assume('copy', 'ASIA2', { type: 'AWSAccount', accountId: ACCOUNT }, OTHER)],
    [ACCOUNT]: [
      assume('second', 'ASIA2', role('hop', 'ASIA1'), ACCOUNT),
      assume('first', 'ASIA1', { type: 'IAMUser', userName: 'erin' }, ACCOUNT),
      assume('unrelated', 'ASIA9', { type: 'IAMUser', userName: 'bob' }, ACCOUNT),
    ],
  };
  answer = ({ account, region, LookupAttributes: [first] }) => {
    if (first?.AttributeKey === 'ReadOnly')
      return account === OTHER && region === 'eu-west-1'
        ? { events: [writeRecord('e1', { userIdentity: role('deploy', 'ASIA2'), recipientAccountId: OTHER })] }
        : {};
    if (region !== 'us-east-1') return {};
    const all = issuings[account as typeof OTHER] ?? [];
    return { events: all.filter(({ responseElements }) => responseElements.credentials.accessKeyId === first?.AttributeValue) };
  };
  const { ids, gaps } = await read(new Map(), [{}, { roleArn: `arn:aws:iam::${OTHER}:role/reader` }]);
  expect(gaps).toEqual([]);
  expect(ids).toEqual(['copy', 'e1', 'first', 'second']);
});

test('a place whose issuers cannot be read is covered, but read again next time', async () => {
  const session = { type: 'AssumedRole', arn: 'arn:aws:sts::1:assumed-role/Deploy/ci', accessKeyId: 'ASIA1' };
  answer = ({ region, LookupAttributes: [first] }) => {
    if (region === 'us-east-1') return {};
    return first?.AttributeKey === 'ReadOnly'
      ? { events: [writeRecord('e1', { userIdentity: session })] }
      : { error: 'AccessDeniedException' };
  };
  const { ids, gaps, covered, marks } = await read();
  expect(ids).toEqual(['e1']);
  expect(gaps).toMatchObject([{ region: 'eu-west-1', reason: 'denied', partial: true }]);
  expect(covered.map(({ region }) => region).sort()).toEqual(['eu-west-1', 'us-east-1']);
  expect([...marks.keys()]).toEqual([`${ACCOUNT} us-east-1`]);
});

test('takes a copy that names only the account as a hint where to ask next', async () => {
  const session = { type: 'AssumedRole', arn: `arn:aws:sts::${OTHER}:assumed-role/d/x`, accessKeyId: 'ASIA2' };
  const issuing = (id: string, userIdentity: object, recipientAccountId: string) =>
    writeRecord(id, {
      eventName: 'AssumeRole',
      readOnly: true,
      userIdentity,
      recipientAccountId,
      responseElements: { credentials: { accessKeyId: 'ASIA2' } },
    });
  answer = ({ account, region, LookupAttributes: [first] }) => {
    if (region !== 'eu-west-1') return {};
    if (first?.AttributeKey === 'ReadOnly')
      return account === OTHER ? { events: [writeRecord('e1', { userIdentity: session, recipientAccountId: OTHER })] } : {};
    return account === OTHER
      ? { events: [issuing('copy', { type: 'AWSAccount', accountId: ACCOUNT }, OTHER)] }
      : { events: [issuing('own', { type: 'IAMUser', userName: 'erin' }, ACCOUNT)] };
  };
  const { ids } = await read(new Map(), [{}, { roleArn: `arn:aws:iam::${OTHER}:role/reader` }]);
  expect(ids).toEqual(['copy', 'e1', 'own']);
  expect(asked.filter(({ LookupAttributes: [first] }) => first?.AttributeKey === 'ResourceName')).toHaveLength(2);
});

test('a probe asks each account for one event; it is only to be fixed when none answers', async () => {
  const probe = (accounts: object[]) =>
    trail.probe?.({
      ...realSurroundings(),
      options: trail.options.parse({ endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, accounts }) as never,
      signal: AbortSignal.timeout(20_000),
    });
  const both = [{}, { roleArn: `arn:aws:iam::${OTHER}:role/r` }];
  answer = ({ account }) => (account === OTHER ? { error: 'AccessDeniedException' } : {});
  expect(await probe(both)).toEqual([
    { system: ACCOUNT, ok: true, detail: `the event history answers arn:aws:iam::${ACCOUNT}:user/me` },
    { system: OTHER, ok: false, detail: expect.stringContaining('cloudtrail:LookupEvents') },
  ]);
  expect(asked.map(({ MaxResults, region }) => [MaxResults, region])).toEqual([
    [1, 'us-east-1'],
    [1, 'us-east-1'],
  ]);
  answer = () => ({ error: 'AccessDeniedException' });
  expect(await probe([{}])).toMatchObject([{ ok: false, fix: expect.stringContaining('drifttrail permissions') }]);
});
