/** Seven people and machines in two accounts, each known to CloudTrail in another way. */
import { AssumeRoleCommand } from '@aws-sdk/client-sts';
import { AGENTS } from '../agents.ts';
import { type Clients, clientsOf } from '../clients.ts';
import { assumedRole, type Credentials, iamUser } from '../endpoint/callers.ts';
import type { Endpoint } from '../endpoint/endpoint.ts';
import type { Person } from './stage.ts';

export const ACCOUNTS = ['111122223333', '222233334444'] as const;
const [FIRST, SECOND] = ACCOUNTS;

/** An administrator of an account, for setting up and looking around. */
export async function administrator(endpoint: Endpoint, account: string): Promise<Clients> {
  const identity = (accessKeyId: string) =>
    assumedRole({ account, role: 'Admin', roleId: 'AROAEXAMPLEADMIN0000', session: 'setup', accessKeyId, since: '2026-01-01T00:00:00Z' });
  return clientsOf(endpoint.url, await endpoint.actor({ account, identity, keyPrefix: 'ASIA' }), AGENTS.boto);
}

export async function people(endpoint: Endpoint, since: string): Promise<Person[]> {
  const user = (account: string, name: string, consoleSince?: string) => {
    const more = consoleSince === undefined ? {} : { consoleSince, mfa: true };
    const identity = (accessKeyId: string) => iamUser({ account, name, userId: `AIDAEXAMPLE${name.toUpperCase()}`, accessKeyId, ...more });
    return endpoint.actor({
      account,
      identity,
      console: consoleSince !== undefined,
      keyPrefix: consoleSince === undefined ? 'AKIA' : 'ASIA',
    });
  };
  const role = (account: string, role: string, session: string, more: { sourceIdentity?: string; path?: string } = {}) => {
    const identity = (accessKeyId: string) =>
      assumedRole({ account, role, roleId: 'AROAEXAMPLEROLE00000', session, accessKeyId, since, ...more });
    return endpoint.actor({ account, identity, console: more.path !== undefined, keyPrefix: 'ASIA' });
  };
  const person = (name: string, account: string, credentials: Credentials, agent: keyof typeof AGENTS): Person => ({
    name,
    account,
    clients: clientsOf(endpoint.url, credentials, AGENTS[agent]),
  });
  const sso = { path: '/aws-reserved/sso.amazonaws.com/' };
  return [
    person('alice', FIRST, await user(FIRST, 'alice', since), 'console'),
    person('bob', FIRST, await user(FIRST, 'bob'), 'cli'),
    person('carol@example.com', FIRST, await role(FIRST, 'AWSReservedSSO_Network_0a1b2c3d4e5f6071', 'carol@example.com', sso), 'console'),
    person('GitHubActions', FIRST, await role(FIRST, 'ci', 'GitHubActions'), 'terraform'),
    person('dave', SECOND, await role(SECOND, 'terraform', 'aws-go-sdk-1722375070115152000', { sourceIdentity: 'dave' }), 'terraform'),
    person('erin', SECOND, await chain(endpoint, await user(FIRST, 'erin')), 'cli'),
    person('frank', SECOND, await user(SECOND, 'frank'), 'boto'),
  ];
}

/** Through a role of the own account into one of the other, by real AssumeRole calls. */
async function chain(endpoint: Endpoint, start: Credentials): Promise<Credentials> {
  let held = start;
  for (const [RoleArn, RoleSessionName] of [
    [`arn:aws:iam::${FIRST}:role/hop`, 'botocore-session-1767225600'],
    [`arn:aws:iam::${SECOND}:role/deploy`, 'botocore-session-1767225601'],
  ]) {
    const clients = clientsOf(endpoint.url, held, AGENTS.cli);
    const { Credentials: given } = await clients.sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName }));
    clients.close();
    held = {
      accessKeyId: given?.AccessKeyId ?? '',
      secretAccessKey: given?.SecretAccessKey ?? '',
      sessionToken: given?.SessionToken ?? '',
    };
  }
  return held;
}
