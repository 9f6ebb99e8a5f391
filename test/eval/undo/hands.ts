/** Who carries out what is printed: a shell with the stand-in for aws on its PATH, or with the real one. */
import type { Clients } from '../../aws/clients.ts';
import { startStandIn } from '../../aws/cli/stand-in.ts';
import type { Endpoint } from '../../aws/endpoint/endpoint.ts';
import { type Lab, REGION } from './lab.ts';

export interface Hands {
  /** From now on commands are run for the owner of these clients. */
  readonly use: (clients: Clients) => void;
  readonly environment: (lab: Pick<Lab, 'credentials'>) => Readonly<Record<string, string | undefined>>;
  readonly stop: () => Promise<void>;
}

export async function openHands(endpoint: Pick<Endpoint, 'url'>, aws: 'real' | 'stand-in'): Promise<Hands> {
  let current: Clients | undefined;
  const standIn = await startStandIn(() => {
    if (current === undefined) throw new Error('nobody is at work');
    return current;
  });
  return {
    use: (clients) => {
      current = clients;
    },
    environment: ({ credentials }) => ({
      ...process.env,
      PATH: aws === 'real' ? process.env.PATH : `${standIn.bin}:${process.env.PATH}`,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      AWS_SESSION_TOKEN: credentials.sessionToken,
      AWS_DEFAULT_REGION: REGION,
      AWS_ENDPOINT_URL: endpoint.url,
      AWS_PAGER: '',
    }),
    stop: standIn.stop,
  };
}
