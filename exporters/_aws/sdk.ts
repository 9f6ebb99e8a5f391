/** Requests over the AWS SDK: loaded when the first request is made, bounded in rate and time, retried adaptively. */
import { createLimiter, type Limiter, type Surroundings } from 'drifttrail';
import { createCredentials, regionOfProfile } from './credentials.ts';
import type { Answer, Send, Service } from './api.ts';
import type { AccountOption, SessionOptions } from './options.ts';

/** Milliseconds; a Describe call that takes longer is not going to answer. */
const CONNECTION_TIMEOUT = 5_000;
const REQUEST_TIMEOUT = 20_000;
const MAX_ATTEMPTS = 4;

type Module = Readonly<Record<string, unknown>>;

// Loading one of these costs up to 0.3 s and 95 MB, so it waits for the first request.
const SERVICES: Readonly<Record<Service, { readonly client: string; readonly load: () => Promise<Module> }>> = {
  ec2: { client: 'EC2Client', load: () => import('@aws-sdk/client-ec2') },
  iam: { client: 'IAMClient', load: () => import('@aws-sdk/client-iam') },
  sts: { client: 'STSClient', load: () => import('@aws-sdk/client-sts') },
  cloudtrail: { client: 'CloudTrailClient', load: () => import('@aws-sdk/client-cloudtrail') },
  s3: { client: 'S3Client', load: () => import('@aws-sdk/client-s3') },
  organizations: { client: 'OrganizationsClient', load: () => import('@aws-sdk/client-organizations') },
  sqs: { client: 'SQSClient', load: () => import('@aws-sdk/client-sqs') },
  athena: { client: 'AthenaClient', load: () => import('@aws-sdk/client-athena') },
};

type Next = (args: object) => Promise<object>;
interface Client {
  send(command: object, options: { abortSignal: AbortSignal }): Promise<Answer>;
  destroy(): void;
  readonly middlewareStack: {
    addRelativeTo(middleware: (next: Next) => Next, options: { relation: 'after'; toMiddleware: string; name: string }): void;
  };
}

export interface Sdk {
  /** A sender with the account's credentials. */
  readonly sender: (account: AccountOption) => Promise<Send>;
  /** The region that a profile, or the environment, sets. */
  readonly region: (profile: string | undefined) => Promise<string | undefined>;
  readonly close: () => void;
}

export async function openSdk(
  options: Pick<SessionOptions, 'rate' | 'endpoint'>,
  surroundings: Pick<Surroundings, 'now' | 'sleep' | 'env'>,
): Promise<Sdk> {
  const { NodeHttpHandler } = await import('@smithy/node-http-handler');
  // `requestTimeout` alone only warns; one hanging call would stall the whole run.
  const requestHandler = new NodeHttpHandler({
    connectionTimeout: CONNECTION_TIMEOUT,
    requestTimeout: REQUEST_TIMEOUT,
    socketTimeout: REQUEST_TIMEOUT, // a body that stops half-way
    throwOnRequestTimeout: true,
    httpsAgent: { keepAlive: true, maxSockets: 256 },
    httpAgent: { keepAlive: true, maxSockets: 256 },
  });
  const endpoint = options.endpoint ?? surroundings.env.AWS_ENDPOINT_URL;
  const endpointOption = endpoint === undefined ? {} : { endpoint };
  const credentialsOf = createCredentials({ requestHandler, maxAttempts: MAX_ATTEMPTS, ...endpointOption }, surroundings);

  const sender = async (account: AccountOption): Promise<Send> => {
    const credentials = await credentialsOf(account);
    const clients = new Map<string, Promise<Client>>();
    const clientOf = (service: Service, region: string): Promise<Client> => {
      const key = `${service} ${region}`;
      let client = clients.get(key);
      if (client === undefined) {
        client = openClient(service, {
          region,
          credentials,
          requestHandler,
          maxAttempts: MAX_ATTEMPTS,
          retryMode: 'adaptive',
          ...endpointOption,
          ...(service === 's3' ? { followRegionRedirects: true, forcePathStyle: endpoint !== undefined } : {}),
        });
        clients.set(key, client);
      }
      return client;
    };
    const openClient = async (service: Service, config: object): Promise<Client> => {
      const { client: name, load } = SERVICES[service];
      const make = (await load())[name] as new (config: object) => Client;
      const client = new make(config);
      limitAttempts(client, createLimiter(options.rate, surroundings));
      return client;
    };
    return async ({ service, operation, input, region }, signal) => {
      const make = (await SERVICES[service].load())[`${operation}Command`] as (new (input: object) => object) | undefined;
      if (make === undefined) throw new Error(`the AWS SDK has no ${service}:${operation}`);
      const client = await clientOf(service, region);
      return client.send(new make(input), { abortSignal: signal });
    };
  };
  return { sender, region: regionOfProfile, close: () => requestHandler.destroy() };
}

/** Below the retries: each attempt counts, not each call. */
function limitAttempts(client: Client, limiter: Limiter): void {
  client.middlewareStack.addRelativeTo(
    (next) => async (args) => {
      await limiter.take();
      return next(args);
    },
    { relation: 'after', toMiddleware: 'retryMiddleware', name: 'drifttrailRate' },
  );
}
