/** How trails that ask one service of AWS get in: the options, and a sender with those credentials. */
import type { Surroundings } from 'drifttrail';
import type { Send } from '../../exporters/_aws/api.ts';
import { credentialsShape, endpointOption } from '../../exporters/_aws/options.ts';
import { openSdk } from '../../exporters/_aws/sdk.ts';

export const accessShape = { ...credentialsShape, endpoint: endpointOption };

export interface AccessOptions {
  readonly profile?: string | undefined;
  readonly roleArn?: string | undefined;
  readonly externalId?: string | undefined;
  readonly endpoint?: string | undefined;
}

/** `rate` in requests a second. */
export async function openAccess(
  { profile, roleArn, externalId, endpoint }: AccessOptions,
  rate: number,
  surroundings: Surroundings,
): Promise<{ readonly send: Send; readonly close: () => void }> {
  const sdk = await openSdk({ rate, endpoint }, surroundings);
  return { send: await sdk.sender({ profile, roleArn, externalId }), close: sdk.close };
}
