/** Faults at any call of any account, region and kind: what could not be read completely is never deleted. */
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Answer, AwsRequest, Send } from '../../../exporters/_aws/api.ts';
import { type Recording, readRecording, replaying } from '../../../exporters/_aws/recording.ts';
import { collectAws } from '../../../exporters/aws/collect.ts';
import exporter from '../../../exporters/aws/index.ts';
import { awsKinds } from '../../../exporters/aws/kinds.ts';
import { collect } from '../../../src/collect/collect.ts';
import type { Exporter, Snapshot } from '../../../src/model.ts';
import { type Normalized, normalize } from '../../../src/normalize/normalize.ts';
import { createRedactor } from '../../../src/normalize/redact.ts';
import { createLayout } from '../../../src/store/layout.ts';
import { blobId } from '../../../src/store/objects.ts';
import type { Content } from '../../../src/store/plan.ts';
import { idOf, planned } from '../../store/planned.ts';
import { realSurroundings } from '../../../src/surroundings.ts';

const PLANS = process.env.DRIFTTRAIL_FAULTS === 'full' ? 10_000 : 300;
const SEED = Number(process.env.DRIFTTRAIL_SEED ?? 20261121);
const ACCOUNTS = ['111111111111', '222222222222'];
const REGIONS = ['eu-west-1', 'us-east-2'];
const RECORDED = { account: '123456789012', region: 'eu-west-1' };
const FAULTS = ['denied', 'throttled', 'unavailable', 'timeout', 'page-2-fails', 'malformed', 'token-repeats', 'item-fails'] as const;

interface Fault {
  readonly account: string;
  readonly region: string;
  readonly operation: string;
  readonly fault: (typeof FAULTS)[number];
}

const layout = createLayout([exporter]);
const redactor = createRedactor(new Uint8Array(32));
const normalized = new Map<string, Normalized>();
let recording: Recording;

beforeAll(async () => {
  recording = await readRecording(fileURLToPath(new URL('../../fixtures/aws/network-and-identities/calls/', import.meta.url)));
});

function generator(seed: number) {
  let state = seed >>> 0;
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  const pick = <T>(items: readonly T[]): T => items[Math.floor(next() * items.length)] as T;
  return { next, pick };
}

function awsError(name: string, status?: number): Error {
  return Object.assign(new Error(`${name} by plan`), { name, $metadata: { httpStatusCode: status } });
}

/** Answers of the fixture, in two accounts and two regions, through a fault. `lost` empties a listing for real. */
function sender(account: string, faults: readonly Fault[], lost: Fault | undefined): Send {
  const recorded = replaying(recording, RECORDED.account);
  const answer = (request: AwsRequest, signal: AbortSignal): Promise<Answer> => {
    const region = request.service === 'ec2' && request.operation !== 'DescribeRegions' ? RECORDED.region : request.region;
    const { NextToken: _next, Marker: _marker, ...input } = request.input;
    return recorded({ ...request, region, input }, signal);
  };
  const hits = ({ service, operation, region }: AwsRequest, fault: Fault | undefined) =>
    fault?.account === account && fault.operation === operation && (service === 'iam' || fault.region === region);
  return async (request, signal) => {
    const fault = faults.find((candidate) => hits(request, candidate));
    const whole = await answer(request, signal);
    const given = hits(request, lost) ? emptied(whole) : whole;
    if (fault === undefined) return given;
    const token = request.service === 'iam' ? 'Marker' : 'NextToken';
    const later = request.input[token] !== undefined;
    switch (fault.fault) {
      case 'denied':
        throw awsError('UnauthorizedOperation', 403);
      case 'throttled':
        throw awsError('RequestLimitExceeded', 503);
      case 'unavailable':
        throw awsError('InternalFailure', 500);
      case 'timeout':
        throw awsError('TimeoutError');
      case 'page-2-fails':
        if (later) throw awsError('InternalError', 500);
        return { ...halved(given), [token]: 'page-2', IsTruncated: true };
      case 'token-repeats':
        return { ...halved(given), [token]: 'same', IsTruncated: true };
      case 'malformed':
        return {};
      case 'item-fails':
        throw awsError('ServiceUnavailable', 503);
    }
  };
}

const halved = (answer: Answer) => mapLists(answer, (list) => list.slice(0, Math.floor(list.length / 2)));
const emptied = (answer: Answer) => mapLists(answer, () => []);

function mapLists(answer: Answer, change: (list: unknown[]) => unknown[]): Answer {
  return Object.fromEntries(Object.entries(answer).map(([name, value]) => [name, Array.isArray(value) ? change(value) : value]));
}

async function snapshotWith(faults: readonly Fault[], lost?: Fault): Promise<Snapshot> {
  const faulty: Exporter<ReturnType<typeof exporter.options.parse>> = {
    ...exporter,
    collect: (context) =>
      collectAws(context, awsKinds, async () => ({
        account: async ({ id = '' }) => ({
          id,
          caller: `arn:aws:iam::${id}:role/drifttrail`,
          globalRegion: 'us-east-1',
          send: sender(id, faults, lost),
        }),
        close: () => undefined,
      })),
  };
  const options = exporter.options.parse({ accounts: ACCOUNTS.map((id) => ({ id })), regions: REGIONS });
  return collect(faulty, options, { surroundings: realSurroundings(), signal: new AbortController().signal, progress: () => undefined });
}

function normalizedOf(snapshot: Snapshot): Normalized[] {
  return snapshot.resources.map((resource) => {
    const { scope, kind, id } = resource.ref;
    const key = `${scope} ${kind} ${id} ${JSON.stringify(resource.config)}`;
    const known = normalized.get(key);
    if (known !== undefined) return known;
    const config = exporter.kinds[kind];
    if (config === undefined) throw new Error(kind);
    const made = normalize(resource, config, redactor);
    normalized.set(key, made);
    return made;
  });
}

function contentsOf(snapshot: Snapshot): Content[] {
  return normalizedOf(snapshot).map(({ ref, bytes, config }) => ({
    ref,
    unless: (stored) => (stored === blobId(bytes) ? undefined : { bytes, id: blobId(bytes), config }),
  }));
}

function plan(snapshot: Snapshot, tree: ReadonlyMap<string, string>) {
  const { complete, gaps } = snapshot;
  return planned({ tree: new Map(tree), layout, contents: contentsOf(snapshot), complete, gaps, exporter: 'aws' });
}

/** Which kinds an operation's failure takes away. */
const OPERATIONS = [...new Set(awsKinds.flatMap(({ actions }) => actions.map((action) => action.split(':')[1] ?? '')))];
const kindsOf = (operation: string) =>
  awsKinds.filter(({ actions }) => actions.some((action) => action.endsWith(`:${operation}`))).map(({ type }) => `aws.${type}`);

describe('faults', () => {
  it(`delete nothing inside a gap and lose nothing outside it (${PLANS} plans, seed ${SEED})`, { timeout: 1_800_000 }, async () => {
    const whole = await snapshotWith([]);
    expect(whole.gaps).toEqual([]);
    expect(whole.complete.length).toBe(ACCOUNTS.length * (REGIONS.length * 21 + 10));
    const tree = new Map([...plan(whole, new Map()).writes].map(([path, content]) => [path, idOf(content)]));
    let gaps = 0;
    let deletions = 0;
    for (let number = 0; number < PLANS; number++) {
      const random = generator(SEED + number);
      const place = (): Fault => ({
        account: random.pick(ACCOUNTS),
        region: random.pick(REGIONS),
        operation: random.pick(OPERATIONS),
        fault: random.pick(FAULTS),
      });
      const faults = Array.from({ length: 1 + Math.floor(random.next() * 4) }, place);
      // One listing shrinks for true, so that planning nothing at all would fail too.
      const lost =
        random.next() < 0.5
          ? { ...place(), operation: random.pick(['DescribeSubnets', 'DescribeRouteTables', 'ListVirtualMFADevices']) }
          : undefined;
      const snapshot = await snapshotWith(faults, lost);
      const { deletes, writes } = plan(snapshot, tree);
      const told = `plan ${number} of seed ${SEED}: ${JSON.stringify({ faults, lost })}`;

      const lostPrefixes = new Set<string>();
      for (const { scope, kind, reason } of snapshot.gaps) {
        expect(kind, told).toBeDefined();
        expect(['denied', 'throttled', 'unreachable', 'truncated', 'invalid'], told).toContain(reason);
        lostPrefixes.add(layout.kindPrefix(scope, kind ?? ''));
        const [, account, region] = scope.split('/');
        const cause = faults.some(
          (fault) =>
            fault.account === account && (region === 'global' || fault.region === region) && kindsOf(fault.operation).includes(kind ?? ''),
        );
        expect(cause, `${told}: the gap ${scope} ${kind} has no cause`).toBe(true);
      }
      const inGap = (path: string) => [...lostPrefixes].some((prefix) => path.startsWith(prefix));
      expect(deletes.filter(inGap), told).toEqual([]);
      expect([...writes.keys()].filter(inGap), told).toEqual([]);
      expect(snapshot.complete.length + snapshot.gaps.length, told).toBe(whole.complete.length);
      // Nothing outside is touched either, but for what was said to be lost.
      const isLost = (path: string) => {
        const ref = layout.refOf(path);
        return (
          ref !== undefined &&
          lost !== undefined &&
          kindsOf(lost.operation).includes(ref.kind) &&
          ref.scope.startsWith(`aws/${lost.account}/`)
        );
      };
      expect(
        deletes.filter((path) => !isLost(path)),
        told,
      ).toEqual([]);
      expect(
        [...writes.keys()].filter((path) => !isLost(path) && !path.startsWith('coverage/')),
        told,
      ).toEqual([]);
      gaps += snapshot.gaps.length;
      deletions += deletes.length;
    }
    // The plans did something.
    expect(gaps).toBeGreaterThan(PLANS / 2);
    expect(deletions).toBeGreaterThan(0);
  });
});
