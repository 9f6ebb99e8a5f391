/** CloudTrail Lake and Athena through the real SDK, over real records: pages, marks, chains, and every way a query ends. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import type { Trail, TrailContext, TrailGap } from '../../src/model.ts';
import { realSurroundings } from '../../src/surroundings.ts';
import athena from '../../trails/athena/index.ts';
import lake from '../../trails/lake/index.ts';
import { openQueryEndpoint, type QueryEndpoint } from './query-endpoint.ts';
import { ATHENA_COLUMNS, type CloudTrailRecord, LAKE_COLUMNS, openTables, RECORDS, type Tables, timeAt } from './tables.ts';

const ACCOUNT = '123456789012';
const STORE = 'a1b2c3d4-5678-90ab-cdef-000000000000';
const ARN = `arn:aws:cloudtrail:eu-west-1:${ACCOUNT}:eventdatastore/${STORE}`;
const NOW = Date.parse('2026-07-01T10:30:00Z');
const SELECTORS = [{ FieldSelectors: [{ Field: 'eventCategory', Equals: ['Management'] }] }];
const key = (letter: string) => `ASIAIOSFODNN7EXAMP${letter}1`;

/** Somebody became a role, which became another, which wrote; and a place where nothing but reads happens. */
const role = (credential: string) => ({
  type: 'AssumedRole',
  arn: `arn:aws:sts::${ACCOUNT}:assumed-role/r/s`,
  accountId: ACCOUNT,
  accessKeyId: credential,
});
const assume = (eventID: string, userIdentity: object, accessKeyId: string) => ({
  ...{
    eventID,
    eventTime: '2026-07-01T04:00:00Z',
    eventSource: 'sts.amazonaws.com',
    eventName: 'AssumeRole',
    readOnly: true,
    userIdentity,
  },
  ...{ awsRegion: 'us-east-1', recipientAccountId: ACCOUNT, responseElements: { credentials: { accessKeyId } } },
});
const CHAIN = [
  {
    eventID: 'write',
    eventTime: timeAt(90),
    eventSource: 'ec2.amazonaws.com',
    eventName: 'DeleteRoute',
    awsRegion: 'eu-west-1',
    readOnly: false,
    recipientAccountId: ACCOUNT,
    userIdentity: role(key('B')),
  },
  assume('second', role(key('A')), key('B')),
  assume('first', { type: 'IAMUser', userName: 'erin', accountId: ACCOUNT }, key('A')),
  assume('nobody asked', { type: 'IAMUser', userName: 'bob', accountId: ACCOUNT }, key('C')),
  {
    eventID: 'quiet',
    eventTime: timeAt(-3600),
    eventSource: 'ec2.amazonaws.com',
    eventName: 'DescribeVpcs',
    awsRegion: 'eu-north-1',
    readOnly: true,
    recipientAccountId: ACCOUNT,
  },
] as unknown as CloudTrailRecord[];

let tables: Tables;
let endpoint: QueryEndpoint;
let clock: number;

beforeAll(async () => {
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'AKIATEST', AWS_SECRET_ACCESS_KEY: 'test' });
  tables = await openTables();
  await tables.add(STORE, LAKE_COLUMNS, [...RECORDS, ...CHAIN]);
  await tables.add('default.cloudtrail_logs', ATHENA_COLUMNS, [...RECORDS, ...CHAIN]);
});
afterAll(() => tables?.close());
beforeEach(async () => {
  clock = NOW;
  endpoint = await openQueryEndpoint(tables);
  endpoint.store = {
    EventDataStoreArn: ARN,
    Name: 'all',
    Status: 'ENABLED',
    AdvancedEventSelectors: SELECTORS,
    CreatedTimestamp: 1_700_000_000,
    RetentionPeriod: 366,
  };
  endpoint.table = {
    Name: 'cloudtrail_logs',
    Columns: ATHENA_COLUMNS.map(([Name, Type]) => ({ Name, Type })),
    PartitionKeys: [],
    Parameters: {},
  };
});
afterEach(() => endpoint.close());

interface Service {
  readonly trail: Trail<never>;
  readonly own: object;
  readonly words: {
    readonly ready: string;
    readonly failed: readonly string[];
    readonly cancel: string;
    readonly start: string;
    readonly action: string;
  };
}
const SERVICES: Readonly<Record<string, Service>> = {
  lake: {
    trail: lake as unknown as Trail<never>,
    own: { eventDataStore: ARN },
    words: {
      ready: 'FINISHED',
      failed: ['FAILED', 'CANCELLED', 'TIMED_OUT'],
      cancel: 'CancelQuery',
      start: 'StartQuery',
      action: 'cloudtrail',
    },
  },
  athena: {
    trail: athena as unknown as Trail<never>,
    own: { region: 'eu-west-1', database: 'default', table: 'cloudtrail_logs' },
    words: {
      ready: 'SUCCEEDED',
      failed: ['FAILED', 'CANCELLED'],
      cancel: 'StopQueryExecution',
      start: 'StartQueryExecution',
      action: 'athena',
    },
  },
};

async function read({ trail, own }: Service, marks = new Map<string, string>(), more: object = {}, context: Partial<TrailContext> = {}) {
  const told = { ids: [] as string[], gaps: [] as TrailGap[], covered: [] as string[], said: [] as string[], marks };
  const options = trail.options.parse({ ...own, endpoint: endpoint.url, ...more });
  const given: TrailContext<never> = {
    ...realSurroundings('/'),
    now: () => new Date(clock),
    sleep: async (milliseconds) => {
      clock += milliseconds;
    },
    signal: AbortSignal.timeout(30_000),
    window: { from: timeAt(0), to: '2026-07-01T10:20:00.000Z' },
    mark: (name) => marks.get(name),
    setMark: (name, value) => marks.set(name, value),
    gap: (gap) => told.gaps.push(gap),
    covered: ({ account, region, from, to }) => told.covered.push(`${account} ${region} ${from} ${to}`),
    progress: (text) => told.said.push(text),
    stored: async () => undefined,
    ...(context as object),
    options,
  };
  for await (const { id } of trail.read(given)) told.ids.push(id);
  told.ids.sort();
  return told;
}
const writes = [...RECORDS.filter((record) => record['readOnly'] !== true).map(({ eventID }) => eventID), 'write'];
const operations = () => endpoint.calls.map(({ operation }) => operation);

describe.each(Object.entries(SERVICES))('%s', (_name, service) => {
  const { words } = service;
  beforeEach(() => {
    endpoint.states = ['QUEUED', 'RUNNING', words.ready];
  });

  test('the writes of the window, page by page, and the people behind the roles', async () => {
    const { ids, gaps, covered, marks } = await read(service);
    expect(gaps).toEqual([]);
    expect(ids).toEqual([...writes, 'first', 'second'].sort());
    expect(operations().filter((operation) => operation === 'GetQueryResults').length).toBeGreaterThan(writes.length / 7);
    // Nobody is asked for twice, found or not.
    const asked = endpoint.statements().flatMap((sql) => (sql.includes('AssumeRoleWithSAML') ? (sql.match(/'ASIA\w+'/g) ?? []) : []));
    expect(asked).toEqual(expect.arrayContaining([`'${key('A')}'`, `'${key('B')}'`]));
    expect(asked.length).toBeGreaterThan(2);
    expect(new Set(asked).size).toBe(asked.length);
    // Where only reads happened silence counts too.
    expect(covered).toContain(`${ACCOUNT} eu-north-1 ${new Date(timeAt(0)).toISOString()} 2026-07-01T10:20:00.000Z`);
    expect(covered).toHaveLength(
      new Set([...RECORDS, ...CHAIN].map((record) => `${record['recipientAccountId']} ${record['awsRegion']}`)).size,
    );
    expect(marks.size).toBe(2);
  });

  test('goes on from the last complete read with time for what came late, and asks for places once a day', async () => {
    const { marks } = await read(service);
    const before = endpoint.statements().length;
    const { ids, covered } = await read(service, marks, {}, { window: { from: timeAt(0), to: '2026-07-01T10:29:00.000Z' } });
    const statements = endpoint.statements().slice(before);
    expect(statements.some((sql) => sql.includes('DISTINCT'))).toBe(false);
    // Lake's records are half an hour late at most, files an hour.
    expect(ids).toContain('write');
    expect(covered).toContain(`${ACCOUNT} eu-north-1 ${new Date(timeAt(0)).toISOString()} 2026-07-01T10:29:00.000Z`);
    await read(
      service,
      marks,
      {},
      { window: { from: timeAt(0), to: '2026-07-02T10:29:00.000Z' }, now: () => new Date(clock + 86_400_000) },
    );
    expect(endpoint.statements().filter((sql) => sql.includes('DISTINCT'))).toHaveLength(2);
  });

  test('only the accounts and regions of the options', async () => {
    const { ids, covered } = await read(service, new Map(), { accounts: [ACCOUNT], regions: ['eu-west-1', 'us-east-1'] });
    expect(ids).toEqual(expect.arrayContaining(['first', 'second', 'write']));
    expect(covered.every((span) => span.startsWith(`${ACCOUNT} eu-west-1`) || span.startsWith(`${ACCOUNT} us-east-1`))).toBe(true);
    expect(endpoint.statements()[0]).toMatch(/IN \('123456789012'\).*IN \('eu-west-1', 'us-east-1'\)/);
  });

  test.each(words.failed)('a query that ends %s is a gap with its words, without mark or cover', async (state) => {
    endpoint.states = ['RUNNING', state];
    endpoint.why = 'SYNTAX_ERROR: line 1:8\nColumn cannot be resolved';
    const { ids, gaps, covered, marks } = await read(service);
    expect(gaps).toMatchObject([
      {
        reason: state === 'FAILED' ? 'invalid' : 'truncated',
        detail: expect.stringMatching(/query 0{8}-.* in eu-west-1 .*SYNTAX_ERROR: line 1:8 Column/),
      },
    ]);
    expect({ ids, covered, marks: marks.size }).toEqual({ ids: [], covered: [], marks: 0 });
    expect(operations()).toContain(words.cancel);
  });

  test('a refusal at the start is a gap with the action', async () => {
    endpoint.refuse.set(words.start, ['AccessDeniedException']);
    const { gaps, covered } = await read(service);
    expect(gaps).toMatchObject([
      { reason: 'denied', detail: expect.stringMatching(`${words.action}:${words.start} in eu-west-1.*drifttrail permissions`) },
    ]);
    expect(covered).toEqual([]);
  });

  test('a query that takes too long is taken back', async () => {
    endpoint.states = ['RUNNING'];
    const { gaps, covered } = await read(service, new Map(), { deadline: 20 });
    expect(gaps).toMatchObject([{ reason: 'truncated', detail: expect.stringContaining('after 20 s and was taken back') }]);
    expect(covered).toEqual([]);
    expect(operations().at(-1)).toBe(words.cancel);
    expect(clock - NOW).toBeLessThan(30_000);
  });

  test('a query is taken back when the run is ended', async () => {
    endpoint.states = ['RUNNING'];
    const ending = new AbortController();
    const sleep = async (milliseconds: number) => {
      clock += milliseconds;
      if (operations().length > 5) ending.abort(new Error('ended'));
      ending.signal.throwIfAborted();
    };
    await expect(read(service, new Map(), {}, { signal: ending.signal, sleep })).rejects.toThrow('ended');
    expect(operations().at(-1)).toBe(words.cancel);
  });

  test('pages that come twice are a gap, not an endless read', async () => {
    endpoint.stuck = true;
    const { gaps, covered, marks } = await read(service);
    expect(gaps).toMatchObject([{ reason: 'truncated', detail: expect.stringContaining(`${words.action}:GetQueryResults`) }]);
    expect({ covered, marks: marks.size }).toEqual({ covered: [], marks: 0 });
  });

  test('without the people behind the roles the window is covered, and read again next time', async () => {
    const refused = () => [undefined, 'AccessDeniedException'] as unknown as string[];
    endpoint.refuse.set(words.start, refused());
    const { ids, gaps, covered, marks } = await read(service);
    expect(ids).toEqual([...writes].sort());
    expect(gaps).toMatchObject([{ partial: true, reason: 'denied' }]);
    expect(covered.length).toBeGreaterThan(0);
    expect([...marks.keys()].filter((name) => !name.endsWith(' places'))).toEqual([]);
  });

  test('who only looks asks nothing about silence, and no more than ninety days', async () => {
    const { covered } = await read(service, new Map(), {}, {
      stored: undefined,
      window: { from: '0001-01-01T00:00:00.000Z', to: '9999-12-31T00:00:00.000Z' },
    } as object);
    expect(covered).toEqual([]);
    expect(endpoint.statements().some((sql) => sql.includes('DISTINCT'))).toBe(false);
    expect(endpoint.statements()[0]).toMatch(/>= '2026-04-02[ T]10:30:\d\d.*<= '2026-07-01[ T]10:30:/);
  });
});

describe('lake', () => {
  const { lake: service } = SERVICES as { lake: Service };
  beforeEach(() => {
    endpoint.states = ['FINISHED'];
  });

  test('a whole record is read unless it is to be put together from the columns', async () => {
    expect((await read(service, new Map(), { accounts: [ACCOUNT], regions: ['eu-west-1', 'us-east-1'] })).ids).toEqual(
      (await read(service, new Map(), { accounts: [ACCOUNT], regions: ['eu-west-1', 'us-east-1'], flattened: true })).ids,
    );
    expect(endpoint.statements()[0]).toContain(`SELECT eventjson AS c0 FROM ${STORE} WHERE`);
    expect(endpoint.statements().at(-2)).toContain('useridentity.sessioncontext.sessionissuer.username');
  });

  test('a row that holds no record hides none behind it, is told, and lets silence count for nothing', async () => {
    const id = 'b1b2c3d4-5678-90ab-cdef-000000000000';
    const odd = { eventID: 'odd', eventTime: timeAt(1), awsRegion: 'eu-west-1', recipientAccountId: ACCOUNT, readOnly: false };
    await tables.add(id, LAKE_COLUMNS, [odd as unknown as CloudTrailRecord, ...RECORDS, ...CHAIN]);
    const { ids, gaps, covered, marks } = await read(service, new Map(), { eventDataStore: ARN.replace(STORE, id) });
    expect(ids).toHaveLength(writes.length + 2);
    expect(gaps).toEqual([{ reason: 'invalid', detail: expect.stringMatching(`1 rows of ${id} .*no CloudTrail record`) }]);
    expect({ covered, marks: marks.size }).toEqual({ covered: [], marks: 1 });
  });

  test('nothing is covered before the event data store was made', async () => {
    endpoint.store = { ...endpoint.store, CreatedTimestamp: Date.parse('2026-07-01T10:10:00Z') / 1000 };
    const { covered } = await read(service);
    expect(covered.length).toBeGreaterThan(0);
    expect(covered.every((span) => span.endsWith('2026-07-01T10:10:00.000Z 2026-07-01T10:20:00.000Z'))).toBe(true);
  });

  test.each([
    ['takes no events: its status is STOPPED_INGESTION', { Status: 'STOPPED_INGESTION' }],
    ['holds no management events', { AdvancedEventSelectors: [{ FieldSelectors: [{ Field: 'eventCategory', Equals: ['Data'] }] }] }],
    [
      'leaves out events by eventName',
      {
        AdvancedEventSelectors: [
          { FieldSelectors: [...(SELECTORS[0]?.FieldSelectors ?? []), { Field: 'eventName', NotEquals: ['RunInstances'] }] },
        ],
      },
    ],
    [
      'leaves out events by eventSource',
      {
        AdvancedEventSelectors: [
          { FieldSelectors: [...(SELECTORS[0]?.FieldSelectors ?? []), { Field: 'eventSource', NotStartsWith: ['ec2'] }] },
        ],
      },
    ],
    [
      'leaves out events by readOnly',
      { AdvancedEventSelectors: [{ FieldSelectors: [...(SELECTORS[0]?.FieldSelectors ?? []), { Field: 'readOnly', Equals: ['true'] }] }] },
    ],
  ])('an event data store that %s never lets silence count', async (words, more) => {
    endpoint.store = { ...endpoint.store, ...more };
    const { ids, gaps, covered } = await read(service);
    expect(ids).toContain('write');
    expect(covered).toEqual([]);
    expect(gaps).toMatchObject([{ reason: 'truncated', detail: `the event data store all ${words}` }]);
    expect(await probe(service)).toMatchObject([{ system: STORE, ok: false, detail: expect.stringContaining(words) }]);
  });

  test('reads, KMS and RDS data calls may be left out', async () => {
    const fields = [
      ...(SELECTORS[0]?.FieldSelectors ?? []),
      { Field: 'readOnly', Equals: ['false'] },
      { Field: 'eventSource', NotEquals: ['kms.amazonaws.com', 'rdsdata.amazonaws.com'] },
    ];
    endpoint.store = { ...endpoint.store, AdvancedEventSelectors: [{ FieldSelectors: fields }] };
    expect((await read(service)).covered.length).toBeGreaterThan(0);
    expect(await probe(service)).toMatchObject([{ ok: true, detail: 'all is enabled and has events since 2025-06-30' }]);
  });

  test('waits while as many queries run as may, and says so in the end', async () => {
    const busy = (times: number) =>
      endpoint.refuse.set(
        'StartQuery',
        Array.from({ length: times }, () => 'MaxConcurrentQueriesException'),
      );
    busy(9);
    expect((await read(service)).ids).toHaveLength(writes.length + 2);
    busy(1000);
    const { gaps } = await read(service, new Map(), { deadline: 30 });
    expect(gaps).toMatchObject([{ reason: 'throttled', detail: expect.stringContaining('run less often') }]);
  });

  test.each([
    ['GetEventDataStore', 'EventDataStoreNotFoundException', 'EventDataStoreNotFound'],
    ['StartQuery', 'InactiveEventDataStoreException', 'takes no queries; doctor'],
  ])('%s: %s says what to do', async (operation, code, words) => {
    endpoint.refuse.set(operation, [code]);
    expect((await read(service)).gaps).toMatchObject([{ reason: 'invalid', detail: expect.stringContaining(words) }]);
  });
});

describe('athena', () => {
  const { athena: service } = SERVICES as { athena: Service };
  beforeEach(() => {
    endpoint.states = ['SUCCEEDED'];
  });

  test('queries run in the work group and the database, with their results where the options say', async () => {
    const { said } = await read(service, new Map(), { workgroup: 'audit', output: 's3://results/drifttrail/' });
    const { input } = endpoint.calls.find(({ operation }) => operation === 'StartQueryExecution') ?? {};
    expect(input).toMatchObject({
      WorkGroup: 'audit',
      QueryExecutionContext: { Catalog: 'AwsDataCatalog', Database: 'default' },
      ResultConfiguration: { OutputLocation: 's3://results/drifttrail/' },
    });
    expect(said).toEqual([expect.stringContaining('each query reads all of it')]);
  });

  test('another account has another table of the same name, which is read from the beginning', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'drifttrail-athena-')), 'credentials');
    writeFileSync(file, ['prod', 'dev'].map((name) => `[${name}]\naws_access_key_id = AKIA\naws_secret_access_key = s\n`).join(''));
    vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', file);
    onTestFinished(() => {
      vi.unstubAllEnvs();
      rmSync(dirname(file), { recursive: true });
    });
    const later = { window: { from: timeAt(0), to: '2026-07-01T12:00:00.000Z' }, now: () => new Date('2026-07-01T12:00:00Z') };
    const { marks } = await read(service, new Map(), { profile: 'prod' }, later);
    expect((await read(service, new Map(marks), { profile: 'prod' }, later)).ids).not.toContain('write');
    expect((await read(service, new Map(marks), { profile: 'dev' }, later)).ids).toContain('write');
  });

  test('partitions that are found by name only must be named', async () => {
    const parameters = { 'projection.account.type': 'injected', 'projection.region.type': 'enum' };
    endpoint.table = {
      ...endpoint.table,
      PartitionKeys: [
        { Name: 'account', Type: 'string' },
        { Name: 'region', Type: 'string' },
      ],
      Parameters: parameters,
    };
    expect((await read(service)).gaps).toEqual([
      { reason: 'invalid', detail: 'default.cloudtrail_logs finds its partitions by name only: give accounts' },
    ]);
    expect(operations()).toEqual(['GetTableMetadata']);
    expect(await probe(service)).toMatchObject([{ ok: false, detail: expect.stringContaining('give accounts') }]);
  });

  test('a table of something else, or none, is a gap', async () => {
    endpoint.table = { Name: 'flows', Columns: [{ Name: 'srcaddr', Type: 'string' }] };
    expect((await read(service)).gaps).toMatchObject([{ reason: 'invalid', detail: expect.stringContaining('is no table of CloudTrail') }]);
    endpoint.refuse.set('GetTableMetadata', ['MetadataException']);
    expect((await read(service)).gaps).toMatchObject([
      { reason: 'invalid', detail: expect.stringContaining('MetadataException: athena:GetTableMetadata') },
    ]);
  });

  test('doctor hears what the table is', async () => {
    expect(await probe(service)).toEqual([
      { system: 'default.cloudtrail_logs', ok: true, detail: expect.stringContaining('reads all of it') },
    ]);
    endpoint.table = { ...endpoint.table, PartitionKeys: [{ Name: 'timestamp', Type: 'string' }] };
    expect(await probe(service)).toMatchObject([{ ok: true, detail: expect.stringContaining('divided by day') }]);
  });
});

const probe = ({ trail, own }: Service) =>
  trail.probe?.({
    ...realSurroundings('/'),
    now: () => new Date(clock),
    signal: AbortSignal.timeout(10_000),
    options: trail.options.parse({ ...own, endpoint: endpoint.url }),
  });

test('options are checked', () => {
  const valid = (trail: Trail<never>, own: object) => trail.options.safeParse(own).success;
  const [one, other] = [SERVICES['lake'] as Service, SERVICES['athena'] as Service];
  expect([valid(one.trail, one.own), valid(other.trail, other.own)]).toEqual([true, true]);
  expect(valid(one.trail, { eventDataStore: 'all' })).toBe(false);
  expect(valid(one.trail, { ...one.own, accounts: ["1' OR 1=1"] })).toBe(false);
  expect(valid(one.trail, { ...one.own, regions: ['everywhere'] })).toBe(false);
  expect(valid(one.trail, { ...one.own, typo: 1 })).toBe(false);
  expect(valid(other.trail, { ...other.own, table: 'a"; DROP TABLE b' })).toBe(false);
  expect(valid(other.trail, { ...other.own, output: 'https://bucket' })).toBe(false);
  expect(valid(other.trail, { database: 'd', table: 't' })).toBe(false);
});
