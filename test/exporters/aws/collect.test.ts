import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Send } from '../../../exporters/_aws/api.ts';
import { type Recording, readRecording, replaying } from '../../../exporters/_aws/recording.ts';
import type { Session } from '../../../exporters/_aws/session.ts';
import { collectAws } from '../../../exporters/aws/collect.ts';
import exporter from '../../../exporters/aws/index.ts';
import { awsKinds } from '../../../exporters/aws/kinds.ts';
import { collect } from '../../../src/collect/collect.ts';
import type { Snapshot } from '../../../src/model.ts';
import { realSurroundings } from '../../../src/surroundings.ts';

const calls = fileURLToPath(new URL('../../fixtures/aws/network-and-identities/calls/', import.meta.url));
const ID = '123456789012';
let recording: Recording;
beforeAll(async () => {
  recording = await readRecording(calls);
});

function run(options: object, open?: () => Promise<Session>): Promise<Snapshot> {
  const tested =
    open === undefined
      ? exporter
      : { ...exporter, collect: (context: Parameters<typeof exporter.collect>[0]) => collectAws(context, awsKinds, open) };
  const deps = { surroundings: { ...realSurroundings(calls), env: {} }, signal: new AbortController().signal, progress: () => undefined };
  return collect(tested, exporter.options.parse(options), deps);
}

const session =
  (send: Send, id = ID) =>
  async (): Promise<Session> => ({
    account: async () => ({ id, caller: 'arn:aws:iam::123456789012:user/ann', globalRegion: 'us-east-1', send }),
    close: () => undefined,
  });
const failing = (name: string) => Object.assign(new Error('no'), { name });

describe('collecting', () => {
  it('reads every kind and names the account behind each scope', async () => {
    const snapshot = await run({ regions: ['eu-west-1'], replay: '.' });
    expect(snapshot.gaps).toEqual([]);
    expect(snapshot.complete.length).toBe(awsKinds.length);
    expect(snapshot.identities).toEqual({ [`aws/${ID}/eu-west-1`]: ID, [`aws/${ID}/global`]: ID });
    const vpc = snapshot.resources.find(({ name }) => name === 'builds');
    expect(vpc?.ref).toMatchObject({ scope: `aws/${ID}/eu-west-1`, kind: 'aws.ec2.vpc' });
  });

  it('makes an unrecorded region a gap for each of its kinds, and goes on with the others', async () => {
    const snapshot = await run({ regions: ['eu-west-1', 'ap-south-1'], replay: '.' });
    expect(new Set(snapshot.gaps.map(({ scope }) => scope))).toEqual(new Set([`aws/${ID}/ap-south-1`]));
    expect(snapshot.gaps.length).toBe(21);
    expect(snapshot.complete.length).toBe(awsKinds.length);
  });

  it('names the action that was refused, not the first of its kind', async () => {
    const recorded = replaying(recording, ID);
    const send: Send = (request, signal) => {
      if (request.operation === 'DescribeSecurityGroupRules') throw failing('UnauthorizedOperation');
      return recorded(request, signal);
    };
    const { gaps } = await run({ regions: ['eu-west-1'] }, session(send));
    expect(gaps).toEqual([
      {
        scope: `aws/${ID}/eu-west-1`,
        kind: 'aws.ec2.security-group',
        reason: 'denied',
        detail:
          'AccessDenied: ec2:DescribeSecurityGroupRules in eu-west-1 as arn:aws:iam::123456789012:user/ann; add it to the role: drifttrail permissions',
      },
    ]);
  });

  it('leaves out a user who was deleted between two calls', async () => {
    const recorded = replaying(recording, ID);
    const send: Send = (request, signal) => {
      if (request.operation === 'ListAccessKeys' && request.input.UserName === 'bob') throw failing('NoSuchEntityException');
      return recorded(request, signal);
    };
    const { gaps, resources } = await run({ regions: ['eu-west-1'] }, session(send));
    expect(gaps).toEqual([]);
    expect(resources.filter(({ ref }) => ref.kind === 'aws.iam.user').map(({ ref }) => ref.id)).toEqual(['alice']);
  });

  it('does not wait for a dead region beyond its deadline', async () => {
    const recorded = replaying(recording, ID);
    const send: Send = (request, signal) =>
      request.region === 'us-east-2'
        ? new Promise((_, reject) => signal.addEventListener('abort', () => reject(failing('AbortError')), { once: true }))
        : recorded(request, signal);
    const { gaps, complete } = await run({ regions: ['eu-west-1', 'us-east-2'], deadline: 0.3 }, session(send));
    expect(gaps.map(({ scope, reason }) => `${scope} ${reason}`)).toEqual(Array(21).fill(`aws/${ID}/us-east-2 unreachable`));
    expect(gaps[0]?.detail).toContain('not finished in 0.3 s');
    expect(complete.length).toBe(awsKinds.length);
  });

  it('says so when the regions cannot be listed, and still reads the identities', async () => {
    const recorded = replaying(recording, ID);
    const send: Send = (request, signal) => {
      if (request.operation === 'DescribeRegions') throw failing('UnauthorizedOperation');
      return recorded(request, signal);
    };
    const { gaps, complete } = await run({}, session(send));
    expect(gaps).toMatchObject([
      { scope: `aws/${ID}/all-regions`, reason: 'denied', detail: expect.stringContaining('ec2:DescribeRegions') },
    ]);
    expect(complete.length).toBe(10);
  });

  it('refuses another account than the one that was named', async () => {
    const { gaps, resources } = await run({ accounts: [{ id: '999999999999' }], regions: ['eu-west-1'], replay: '.' });
    expect(resources).toEqual([]);
    expect(gaps).toMatchObject([
      { scope: 'aws/999999999999/all-regions', reason: 'invalid', detail: expect.stringContaining(`account ${ID} answered`) },
    ]);
  });
});

describe('ids of parts', () => {
  it('lead to where they stand', async () => {
    const kinds = exporter.kinds;
    const of = (kind: string, config: object) => kinds[kind]?.secondaryIds?.(config as never, { scope: '', kind, id: '' });
    expect(of('aws.ec2.route-table', { associations: { 'rtbassoc-1': {} } })).toEqual({ 'rtbassoc-1': '/associations/rtbassoc-1' });
    expect(of('aws.ec2.security-group', { rules: { 'ingress tcp 22 10.0.0.0/8': { securityGroupRuleId: 'sgr-1' } } })).toEqual({
      'sgr-1': '/rules/ingress tcp 22 10.0.0.0~18',
    });
    expect(of('aws.iam.user', { accessKeys: { AKIA1: {} }, mfaDevices: { 'arn:mfa/ann': {} } })).toEqual({
      AKIA1: '/accessKeys/AKIA1',
      'arn:mfa/ann': '/mfaDevices/arn:mfa~1ann',
    });
    expect(of('aws.ec2.address', { associationId: 'eipassoc-1' })).toEqual({ 'eipassoc-1': '/associationId' });
  });
});
