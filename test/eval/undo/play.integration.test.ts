/** Undo by the real aws command, for changes whose commands quote, look up, capture or ask for something. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Endpoint, startEndpoint } from '../../aws/endpoint/endpoint.ts';
import { type Hands, openHands } from './hands.ts';
import { playTrial } from './play.ts';
import { trials } from '../../aws/trials/index.ts';

let endpoint: Endpoint;
let hands: Hands;

beforeAll(async () => {
  endpoint = await startEndpoint();
  hands = await openHands(endpoint, 'real');
});
afterAll(async () => {
  await hands?.stop();
  await endpoint?.stop();
});

const CHOSEN = [
  ['ec2.route-table', 'with routes and a subnet', 'restored'],
  ['ec2.security-group', 'with rules, one of which names itself', 'restored'],
  ['ec2.network-acl', 'subnet moved to another ACL', 'restored'],
  ['ec2.vpc', 'with a second address range', 'restored'],
  ['iam.role', 'with all that describes it', 'restored'],
  ['iam.saml-provider', 'metadata', 'restored'],
  ['iam.account', 'password policy deleted', 'restored'],
  ['iam.user', 'password taken', 'told'],
] as const;

it.each(CHOSEN)('%s, %s: %s', { timeout: 180_000 }, async (kind, what, status) => {
  const index = trials.findIndex((trial) => trial.kind === kind && trial.what === what);
  const trial = trials[index];
  if (trial === undefined) throw new Error('no such trial');
  const verdict = await playTrial(trial, endpoint, String(200_000_000_000 + index), hands);
  expect(verdict, verdict.because).toMatchObject({ status });
});
