/** Looking for who assumed a role stays within bounds, and says what it left. */
import { expect, test } from 'vitest';
import type { Send } from '../../exporters/_aws/api.ts';
import { readIssuers } from '../../trails/lookup-events/issuers.ts';
import { parseRecord } from '../../trails/_cloudtrail/parse.ts';

const ACCOUNT = '123456789012';
const SPAN = { from: '2026-07-01T09:00:00Z', to: '2026-07-01T11:00:00Z' };
const record = (eventID: string, more: object = {}) => ({
  eventID,
  eventTime: '2026-07-01T10:00:00Z',
  eventSource: 'sts.amazonaws.com',
  eventName: 'AssumeRole',
  awsRegion: 'eu-west-1',
  recipientAccountId: ACCOUNT,
  readOnly: true,
  userIdentity: { type: 'AWSService', invokedBy: 'lambda.amazonaws.com' },
  ...more,
});
const issuing = (number: number) => record(`i${number}`, { responseElements: { credentials: { accessKeyId: `ASIA${number}` } } });
const writes = (count: number) =>
  Array.from({ length: count }, (_, number) => {
    const userIdentity = { type: 'AssumedRole', arn: `arn:aws:sts::${ACCOUNT}:assumed-role/fn/x`, accessKeyId: `ASIA${number}` };
    const event = parseRecord(record(`e${number}`, { userIdentity, readOnly: false, eventName: 'DeleteRoute' }));
    if (event === undefined) throw new Error('no record');
    return event;
  });

/** Knows who issued the keys that `known` says, by name and, five a page, by AssumeRole. */
function trailOf(known: (number: number) => boolean) {
  const asked: string[] = [];
  const send: Send = async ({ input }) => {
    const { LookupAttributes: attributes, NextToken } = input as unknown as {
      LookupAttributes: readonly [{ AttributeKey: string; AttributeValue: string }];
      NextToken?: string;
    };
    const [{ AttributeKey: key, AttributeValue: value }] = attributes;
    asked.push(`${key} ${value}`);
    const answer = (numbers: number[]) => numbers.map((number) => ({ CloudTrailEvent: JSON.stringify(issuing(number)) }));
    const page = Number(NextToken ?? 0);
    if (key === 'EventName')
      return { Events: answer(Array.from({ length: 5 }, (_, index) => page * 5 + index)), NextToken: String(page + 1) };
    const number = Number(value.slice('ASIA'.length));
    return { Events: answer(known(number) ? [number] : []) };
  };
  const account = { id: ACCOUNT, caller: 'arn', globalRegion: 'us-east-1', send };
  return { asked, places: ['eu-west-1', 'us-east-1'].map((region) => ({ account, region, span: SPAN })) };
}
const context = { signal: new AbortController().signal, progress: () => undefined };
const fail = (_place: unknown, error: unknown): never => {
  throw error;
};

test('asks for one session by its key, with one request', async () => {
  const { asked, places } = trailOf(() => true);
  const { events, cut } = await readIssuers(places, writes(1), context, fail);
  expect(events.map(({ id }) => id)).toEqual(['i0']);
  expect({ asked, cut }).toEqual({ asked: ['ResourceName ASIA0'], cut: 0 });
});

test('reads AssumeRole page by page when there are many sessions, and asks by key for the rest', async () => {
  const { asked, places } = trailOf(() => true);
  const { events, cut } = await readIssuers(places, writes(200), context, fail);
  expect(events).toHaveLength(200);
  expect(cut).toBe(0);
  expect(asked.filter((question) => question.startsWith('EventName'))).toHaveLength(30);
  expect(asked).toHaveLength(30 + 50);
});

test('of very many those that are left are counted', async () => {
  const { asked, places } = trailOf(() => false);
  const { events, cut } = await readIssuers(places, writes(900), context, fail);
  expect(events).toHaveLength(150);
  expect(cut).toBe(750);
  expect(asked.length).toBeLessThanOrEqual(708);
});

test('a session that nobody knows is no cut: every place was asked', async () => {
  const { asked, places } = trailOf(() => false);
  expect(await readIssuers(places, writes(3), context, fail)).toEqual({ events: [], cut: 0 });
  expect(asked).toHaveLength(6);
});
