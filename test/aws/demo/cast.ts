/** The people and machines of the demo account. */
import { AGENTS } from '../agents.ts';
import { type Clients, clientsOf } from '../clients.ts';
import { assumedRole, iamUser } from '../endpoint/callers.ts';
import type { Endpoint } from '../endpoint/endpoint.ts';

export const ACCOUNT = '111122223333';
export const REGION = 'eu-west-1';
const SSO_ROLE = 'AWSReservedSSO_PowerUserAccess_1f0c2d9a7b3e4c55';

export interface Cast {
  readonly terraform: Clients;
  /** Works in the console. */
  readonly engineer: Clients;
  /** Works on the command line. */
  readonly operator: Clients;
  /** Signed in through single sign-on. */
  readonly lead: Clients;
  /** A build machine. */
  readonly builder: Clients;
  readonly close: () => void;
}

export async function assemble(endpoint: Endpoint): Promise<Cast> {
  const account = ACCOUNT;
  const user = async (name: string, userId: string, sourceIp: string, agent: keyof typeof AGENTS, consoleSince?: string) => {
    const credentials = await endpoint.actor({
      account,
      sourceIp,
      console: consoleSince !== undefined,
      keyPrefix: consoleSince === undefined ? 'AKIA' : 'ASIA',
      identity: (accessKeyId) =>
        iamUser({ account, name, userId, accessKeyId, ...(consoleSince === undefined ? {} : { consoleSince, mfa: true }) }),
    });
    return clientsOf(endpoint.url, credentials, AGENTS[agent]);
  };
  const role = async (
    options: { role: string; path?: string; roleId: string; session: string; since: string; sourceIp: string; console?: boolean },
    agent: keyof typeof AGENTS,
  ) => {
    const { sourceIp, console = false, ...session } = options;
    const identity = (accessKeyId: string) => assumedRole({ account, accessKeyId, ...session });
    return clientsOf(endpoint.url, await endpoint.actor({ account, sourceIp, console, keyPrefix: 'ASIA', identity }), AGENTS[agent]);
  };
  const cast = {
    terraform: await role(
      {
        role: 'terraform',
        roleId: 'AROAEXAMPLETERRAFORM',
        session: 'GitHubActions',
        since: '2026-01-15T07:09:41Z',
        sourceIp: '192.0.2.44',
      },
      'terraform',
    ),
    engineer: await user('DevOpsEngineer1', 'AIDAEXAMPLEDEVOPSENG', '203.0.113.27', 'console', '2026-01-14T13:58:03Z'),
    operator: await user('tom.becker', 'AIDAEXAMPLETOMBECKER', '198.51.100.73', 'cli'),
    lead: await role(
      {
        role: SSO_ROLE,
        path: '/aws-reserved/sso.amazonaws.com/eu-west-1/',
        roleId: 'AROAEXAMPLESSOPOWERU',
        session: 'maria.keller@example.com',
        since: '2026-01-15T06:31:12Z',
        sourceIp: '203.0.113.98',
        console: true,
      },
      'console',
    ),
    builder: await user('build-agent', 'AIDAEXAMPLEBUILDAGEN', '10.20.11.40', 'boto'),
  };
  const close = () => {
    for (const clients of Object.values(cast)) clients.close();
  };
  return { ...cast, close };
}
