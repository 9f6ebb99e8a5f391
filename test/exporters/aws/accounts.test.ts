/** Whose accounts are read and where they are asked: the real SDK against a server of our own that counts and refuses. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { partitionOfArn, partitionOfRegion } from '../../../exporters/_aws/partition.ts';
import exporter from '../../../exporters/aws/index.ts';
import { collect } from '../../../src/collect/collect.ts';
import type { Snapshot } from '../../../src/model.ts';
import { realSurroundings } from '../../../src/surroundings.ts';

const MANAGEMENT = '111111111111';
const MEMBERS = ['222222222222', '333333333333'];
const CLOSED = '444444444444';

interface Asked {
  readonly action: string;
  readonly account: string;
  readonly region: string;
  readonly body: string;
}
let server: Server;
let endpoint: string;
let asked: Asked[];
let refused: ReadonlySet<string>;
let partition: string;
let accounts: () => { readonly status: number; readonly body: object };

const listed = (...ids: readonly string[]) => ids.map((Id) => ({ Id, State: Id === CLOSED ? 'CLOSED' : 'ACTIVE' }));
const xml = (action: string, inside: string) => `<${action}Response><${action}Result>${inside}</${action}Result></${action}Response>`;
const denied = '<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>';

/** An account's key is its number; the management account's own key is AKIATEST. */
function answer(request: { action: string; account: string; body: string }): { status: number; body: string } {
  const { action, account, body } = request;
  if (action === 'GetCallerIdentity')
    return {
      status: 200,
      body: xml(action, `<Arn>arn:${partition}:iam::${account}:user/me</Arn><UserId>A</UserId><Account>${account}</Account>`),
    };
  if (action === 'AssumeRole') {
    const id = /iam%3A%3A(\d{12})/.exec(body)?.[1] ?? '';
    if (refused.has(id)) return { status: 403, body: denied };
    const keys = `<AccessKeyId>ASIA${id}</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration>`;
    return {
      status: 200,
      body: xml(
        action,
        `<Credentials>${keys}</Credentials><AssumedRoleUser><Arn>a</Arn><AssumedRoleId>A</AssumedRoleId></AssumedRoleUser>`,
      ),
    };
  }
  return { status: 403, body: denied };
}

beforeEach(async () => {
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'AKIATEST', AWS_SECRET_ACCESS_KEY: 'test' });
  asked = [];
  refused = new Set();
  partition = 'aws';
  accounts = () => ({ status: 200, body: { Accounts: listed(MANAGEMENT, ...MEMBERS, CLOSED) } });
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      const [, key = '', region = ''] = /Credential=([^/]+)\/\d{8}\/([^/]+)\//.exec(request.headers.authorization ?? '') ?? [];
      const account = /ASIA(\d{12})/.exec(key)?.[1] ?? MANAGEMENT;
      const target = String(request.headers['x-amz-target'] ?? '').split('.')[1];
      const action = target ?? /Action=(\w+)/.exec(body)?.[1] ?? '';
      asked.push({ action, account, region, body });
      if (target === 'ListAccounts') {
        const { status, body: listing } = accounts();
        response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' });
        response.end(JSON.stringify(listing));
        return;
      }
      const reply = answer({ action, account, body });
      response.writeHead(reply.status, { 'content-type': 'text/xml' });
      response.end(reply.body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(resolve));
});

function run(options: object): Promise<Snapshot> {
  const deps = { surroundings: realSurroundings(), signal: AbortSignal.timeout(30_000), progress: () => undefined };
  return collect(exporter, exporter.options.parse({ endpoint, regions: ['eu-west-1'], rate: 100, ...options }), deps);
}
const scopesOf = ({ gaps, identities }: Snapshot) => [...new Set([...Object.keys(identities), ...gaps.map(({ scope }) => scope)])].sort();
const count = (action: string) => asked.filter((call) => call.action === action).length;

describe('an organisation', () => {
  it('is read account by account through its role; the account that lists it is read as it is', async () => {
    const snapshot = await run({ accounts: 'organization' });
    expect(scopesOf(snapshot)).toEqual([MANAGEMENT, ...MEMBERS].flatMap((id) => [`aws/${id}/eu-west-1`, `aws/${id}/global`]));
    const roles = asked.filter(({ action }) => action === 'AssumeRole').map(({ body }) => new URLSearchParams(body).get('RoleArn'));
    expect(roles.sort()).toEqual(MEMBERS.map((id) => `arn:aws:iam::${id}:role/drifttrail`));
  });

  it('takes a role once an account, however many regions it reads with it', async () => {
    await run({ accounts: [{ roleArn: `arn:aws:iam::${MEMBERS[0]}:role/r` }], regions: ['eu-west-1', 'eu-west-2', 'eu-west-3'] });
    expect(count('AssumeRole')).toBe(1);
  });

  it('loses only the account that refuses, and says what refused', async () => {
    refused = new Set(['222222222222']);
    const snapshot = await run({ accounts: { organization: { role: 'audit/reader', externalId: 'secret-id', except: [MANAGEMENT] } } });
    expect(scopesOf(snapshot)).toEqual(['aws/222222222222/all-regions', 'aws/333333333333/eu-west-1', 'aws/333333333333/global']);
    expect(snapshot.gaps.find(({ scope }) => scope.includes('222222222222'))).toEqual({
      scope: 'aws/222222222222/all-regions',
      reason: 'denied',
      detail:
        'AccessDenied: sts:AssumeRole arn:aws:iam::222222222222:role/audit/reader; does it exist, trust the caller and ask for this external ID?',
    });
    const { body = '' } = asked.find(({ action }) => action === 'AssumeRole') ?? {};
    expect(new URLSearchParams(body).get('ExternalId')).toBe('secret-id');
  });

  it('is a gap when its accounts cannot all be listed: none is left out in silence', async () => {
    accounts = () => ({ status: 400, body: { __type: 'AccessDeniedException', message: 'no' } });
    const snapshot = await run({ accounts: 'organization' });
    expect(snapshot.complete).toEqual([]);
    expect(snapshot.gaps).toMatchObject([
      { scope: 'aws/organization/all-regions', reason: 'denied', detail: expect.stringContaining('organizations:ListAccounts') },
    ]);
    let page = 0;
    accounts = () => ({ status: 200, body: { Accounts: listed(`55555555555${++page % 2}`), NextToken: 'again' } });
    expect((await run({ accounts: 'organization' })).gaps).toMatchObject([{ scope: 'aws/organization/all-regions', reason: 'truncated' }]);
  });
});

describe('a partition', () => {
  it.each([
    ['aws-cn', 'cn-north-1', 'cn-northwest-1'],
    ['aws-us-gov', 'us-gov-west-1', 'us-gov-east-1'],
  ])('%s is asked in its own regions, under its own ARNs', async (name, home, region) => {
    partition = name;
    const { identities } = await run({ accounts: 'organization', regions: [region, 'eu-west-1'] });
    expect([...new Set(asked.filter(({ action }) => !/^(Describe|ListAccounts)/.test(action)).map((call) => call.region))]).toEqual([home]);
    expect(asked.some((call) => call.region === 'eu-west-1')).toBe(false);
    expect(new Set(Object.keys(identities))).toEqual(
      new Set([MANAGEMENT, ...MEMBERS].flatMap((id) => [`aws/${id}/${region}`, `aws/${id}/global`])),
    );
    expect(asked.find(({ action }) => action === 'AssumeRole')?.body).toContain(encodeURIComponent(`arn:${name}:iam::`));
  });

  it('is told by the region of the environment when nothing else tells it', async () => {
    const before = process.env.AWS_REGION;
    process.env.AWS_REGION = 'us-gov-east-1';
    try {
      await run({ accounts: [{}], regions: 'enabled' });
    } finally {
      if (before === undefined) delete process.env.AWS_REGION;
      else process.env.AWS_REGION = before;
    }
    expect(asked.find(({ action }) => action === 'DescribeRegions')?.region).toBe('us-gov-west-1');
  });

  it('has the global region for which the SDK’s rules sign IAM', async () => {
    const { IAMClient } = await import('@aws-sdk/client-iam');
    for (const region of [
      'eu-west-1',
      'cn-northwest-1',
      'us-gov-east-1',
      'us-iso-west-1',
      'us-isob-east-1',
      'eu-isoe-west-1',
      'us-isof-east-1',
      'eusc-de-east-1',
    ]) {
      const { endpointProvider } = new IAMClient({ region }).config;
      const { properties } = endpointProvider({ Region: region, UseDualStack: false, UseFIPS: false });
      const [scheme] = (properties?.authSchemes ?? []) as readonly { signingRegion: string }[];
      expect(partitionOfRegion(region).globalRegion, region).toBe(scheme?.signingRegion);
    }
  });

  it('is told by an ARN', () => {
    expect(partitionOfArn('arn:aws-us-gov:iam::123456789012:role/r').globalRegion).toBe('us-gov-west-1');
    expect(partitionOfArn('arn:aws:iam::123456789012:role/r').name).toBe('aws');
  });
});
