/** The truth is what the states say: who changed a leaf last, what was undone, what changed nothing. */
import { expect, test } from 'vitest';
import { history, ref, pathOf, documents, type State, type Step } from './history.ts';
import { touchedBy } from './touched.ts';
import { causeOf, idleWrites, keepLedger, silentWrites } from './truth.ts';

const table = (routes: Record<string, string>): State => ({ 'rtb-1': { routes } });
/** Who made each edit of the difference. */
const causes = (start: State, steps: Step[]) => {
  const { traces, net } = history(start, steps);
  return Object.fromEntries(net.flatMap((change) => change.edits.map((edit) => [edit.path, causeOf(change, edit, traces)?.who])));
};

test('the last that changed a leaf made it so, not the last that wrote to the resource', () => {
  const steps = [
    { who: 'alice', state: table({ a: '1' }) },
    { who: 'bob', state: table({ a: '2' }) },
    { who: 'carol', state: table({ a: '2', b: '3' }) },
  ];
  expect(causes(table({}), steps)).toEqual({ '/routes/a': 'bob', '/routes/b': 'carol' });
});

test('writing the same value again is nobody’s change, but a write', () => {
  const steps = [
    { who: 'alice', state: table({ a: '1' }) },
    { who: 'bob', state: table({ a: '1' }) },
  ];
  expect(causes(table({}), steps)).toEqual({ '/routes/a': 'alice' });
  const { traces } = history(table({}), steps);
  expect(idleWrites(traces).map(({ who }) => who)).toEqual(['bob']);
});

test('what came is its maker’s, whoever changed it then; what went is its remover’s', () => {
  const made = [
    { who: 'alice', state: { ...table({}), 'rtb-2': { routes: {} } } },
    { who: 'bob', state: { ...table({}), 'rtb-2': { routes: { a: '1' } } } },
  ];
  expect(causes(table({}), made)).toEqual({ '': 'alice' });
  expect(
    causes({ ...table({}), 'rtb-2': {} }, [
      { who: 'bob', state: { ...table({}), 'rtb-2': { routes: { a: '1' } } } },
      { who: 'carol', state: table({}) },
    ]),
  ).toEqual({
    '': 'carol',
  });
});

test('made anew under the old name: every leaf is the maker’s', () => {
  const user = (id: string): State => ({ eve: { userId: id, path: '/' } });
  expect(
    causes(user('1'), [
      { who: 'alice', state: {} },
      { who: 'bob', state: user('2') },
    ]),
  ).toEqual({ '/userId': 'bob' });
});

test('a member of a list is its adder’s, wherever it ends up', () => {
  const user = (...groups: string[]): State => ({ eve: { groups } });
  const steps = [
    { who: 'alice', state: user('m', 'z') },
    { who: 'bob', state: user('a', 'm', 'z') },
    { who: 'carol', state: user('m', 'z') },
  ];
  expect(causes(user('z'), steps)).toEqual({ '/groups/0': 'alice' });
});

test('nobody made what no call made', () => {
  const { net } = history(table({}), [{ who: 'alice', state: table({ a: '1' }) }]);
  expect(net.map((change) => causeOf(change, change.edits[0] ?? { path: '', before: null, after: null }, []))).toEqual([undefined]);
});

test('a call that was refused is never idle, and what it left behind is its own', () => {
  const { traces, net } = history(table({}), [{ who: 'bob', state: table({ a: '1' }), refused: true }]);
  expect(idleWrites(traces)).toEqual([]);
  expect(net.flatMap((change) => change.edits.map((edit) => causeOf(change, edit, traces)?.refused))).toEqual([true]);
});

test('done and undone is silent, with everybody who had a part in it', () => {
  const { traces, net } = history(table({ z: '9' }), [
    { who: 'alice', state: table({ a: '1', z: '9' }) },
    { who: 'bob', state: table({ a: '2', z: '9' }) },
    { who: 'carol', state: table({ a: '2', z: '8' }) },
    { who: 'dave', state: table({ z: '8' }) },
  ]);
  const silent = silentWrites(traces, net);
  expect(silent.map(({ path, calls }) => [path, calls.map(({ who }) => who)])).toEqual([['/routes/a', ['alice', 'bob', 'dave']]]);
});

test('made and removed is silent as a whole and in its parts', () => {
  const { traces, net } = history({}, [
    { who: 'alice', state: table({}) },
    { who: 'bob', state: {} },
  ]);
  expect(silentWrites(traces, net)).toMatchObject([{ ref: ref('rtb-1'), path: '' }]);
});

test('what happened to something that came or went is part of that', () => {
  const { traces, net } = history({}, [
    { who: 'alice', state: table({}) },
    { who: 'bob', state: table({ a: '1' }) },
    { who: 'bob', state: table({}) },
  ]);
  expect(silentWrites(traces, net)).toEqual([]);
});

test('a policy that is listed while attached says nothing of its own', () => {
  const steps = [
    { who: 'alice', state: { Admin: {} } },
    { who: 'alice', state: {} },
  ];
  const mirrored = history({}, steps, 'aws.iam.attached-managed-policy');
  expect(silentWrites(mirrored.traces, mirrored.net)).toEqual([]);
  const other = history({}, steps);
  expect(silentWrites(other.traces, other.net)).toHaveLength(1);
});

test('DHCP options that the emulator deletes with their VPC, as AWS would not, are not judged', () => {
  const steps = [
    { who: 'alice', state: { 'dopt-1': {} } },
    { who: 'alice', state: {} },
  ];
  const { traces, net } = history({}, steps, 'aws.ec2.dhcp-options');
  expect(silentWrites(traces, net)).toHaveLength(1);
  const byVpc = traces.map((trace, index) => (index === 1 ? { ...trace, record: { ...trace.record, eventName: 'DeleteVpc' } } : trace));
  expect(silentWrites(byVpc, net)).toEqual([]);
});

test('the ledger looks where a call wrote and at what it may touch, and not at all when it never reached the state', async () => {
  const looked: string[] = [];
  const states = [documents(table({ a: '1' }))];
  const ledger = keepLedger(
    documents(table({})),
    async ({ account, region }, types) => {
      looked.push(`${account} ${region} ${types.join(' ')}`);
      return states.shift() ?? documents({});
    },
    pathOf,
  );
  const record = {
    eventID: 'e1',
    eventName: 'CreateRoute',
    eventSource: 'ec2.amazonaws.com',
    awsRegion: 'eu-west-1',
    recipientAccountId: '111122223333',
  };
  await ledger.follow({ record: { ...record, errorCode: 'Client.UnauthorizedOperation' }, served: false, act: 'x', who: 'bob' });
  await ledger.follow({ record, served: true, act: 'y', who: 'alice' });
  expect(looked).toEqual(['111122223333 eu-west-1 ec2.route-table ec2.vpc-endpoint']);
  expect(ledger.traces().map(({ refused, changes }) => [refused, changes.length])).toEqual([
    [true, 0],
    [false, 1],
  ]);
  expect(ledger.net().flatMap(({ edits }) => edits.map(({ path }) => path))).toEqual(['/routes/a']);
});

test('what the ledger does not look at stays as it was, so that a change there is nobody’s', async () => {
  const vpc = documents({ 'vpc-1': {} }, 'aws.ec2.vpc');
  const ledger = keepLedger(new Map([...documents(table({})), ...vpc]), async () => documents(table({ a: '1' })), pathOf);
  const record = { eventName: 'CreateRoute', eventSource: 'ec2.amazonaws.com', awsRegion: 'eu-west-1', recipientAccountId: '111122223333' };
  await ledger.follow({ record, served: true, act: 'y', who: 'alice' });
  expect(ledger.net().map(({ ref: { id } }) => id)).toEqual(['rtb-1']);
});

test('a call that is not listed may have touched everything of its service', () => {
  expect(touchedBy('CreateTags', 'ec2')).toEqual(expect.arrayContaining(['ec2.vpc', 'ec2.subnet', 'ec2.route-table']));
  expect(touchedBy('CreateTags', 'ec2').some((type) => type.startsWith('iam'))).toBe(false);
  expect(touchedBy('AttachUserPolicy', 'iam')).toContain('iam.attached-managed-policy');
  expect(touchedBy('AttachRolePolicy', 'iam')).toContain('iam.role');
});
