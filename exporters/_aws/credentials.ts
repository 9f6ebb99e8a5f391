/** The credentials of accounts: found once each and shared by all clients, which would otherwise assume a role once a region. */
import type { Surroundings } from 'drifttrail';
import type { AccountOption } from './options.ts';
import { partitionOfArn } from './partition.ts';

type Providers = typeof import('@aws-sdk/credential-providers');
type Provider = ReturnType<Providers['fromIni']>;
type RoleConfig = NonNullable<Parameters<Providers['fromTemporaryCredentials']>[0]['clientConfig']>;

/** Milliseconds before their end at which credentials are asked for anew, as the SDK's clients do. */
const EARLY = 5 * 60_000;

/** `stsConfig` is for the client that assumes roles: without bounds of its own it would wait for ever. */
export function createCredentials(
  stsConfig: RoleConfig,
  { now }: Pick<Surroundings, 'now'>,
): (account: AccountOption) => Promise<Provider> {
  const profiles = new Map<string | undefined, Provider>();
  return async ({ profile, roleArn, externalId }) => {
    const providers = await import('@aws-sdk/credential-providers');
    const own =
      profiles.get(profile) ?? shared(profile === undefined ? providers.fromNodeProviderChain() : providers.fromIni({ profile }), now);
    profiles.set(profile, own);
    if (roleArn === undefined) return own;
    const assumed = providers.fromTemporaryCredentials({
      masterCredentials: own,
      params: { RoleArn: roleArn, RoleSessionName: 'drifttrail', ...(externalId === undefined ? {} : { ExternalId: externalId }) },
      clientConfig: { region: partitionOfArn(roleArn).globalRegion, ...stsConfig },
    });
    return shared(assumed, now);
  };
}

/** The region that the environment or a profile sets; undefined when neither does. */
export async function regionOfProfile(profile: string | undefined): Promise<string | undefined> {
  const { STSClient } = await import('@aws-sdk/client-sts');
  const client = new STSClient(profile === undefined ? {} : { profile });
  try {
    return await client.config.region();
  } catch {
    return undefined; // "Region is missing": then it is not told, and the partition is that of most accounts
  } finally {
    client.destroy();
  }
}

/** Asks once at a time, and again shortly before the end; a failure is not kept. */
function shared(provider: Provider, now: Surroundings['now']): Provider {
  let known: ReturnType<Provider> | undefined;
  let until = Number.POSITIVE_INFINITY;
  const ask: Provider = async (context) => {
    try {
      const found = await provider(context);
      until = found.expiration === undefined ? until : found.expiration.getTime() - EARLY;
      return found;
    } catch (error) {
      known = undefined;
      throw error;
    }
  };
  return (context) => {
    if (known === undefined || now().getTime() >= until) {
      until = Number.POSITIVE_INFINITY;
      known = ask(context);
    }
    return known;
  };
}
