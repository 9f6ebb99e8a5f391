/** SDK clients of one actor of the tests, sending the user agent that the actor's tool would send. */
import { EC2Client } from '@aws-sdk/client-ec2';
import { IAMClient } from '@aws-sdk/client-iam';
import { STSClient } from '@aws-sdk/client-sts';
import type { Credentials } from './endpoint/callers.ts';

export interface Clients {
  readonly ec2: (region: string) => EC2Client;
  readonly iam: IAMClient;
  readonly sts: STSClient;
  readonly close: () => void;
}

type Client = EC2Client | IAMClient | STSClient;
type Next = (args: object) => Promise<object>;
interface Stack {
  add(middleware: (next: Next) => (args: { request: { headers: Record<string, string> } }) => Promise<object>, options: object): void;
}

/** `userAgent` may depend on the service, as the tools name the API they call. */
export function clientsOf(url: string, credentials: Credentials, userAgent: (service: string) => string): Clients {
  const open: { destroy(): void }[] = [];
  const make = <C extends Client>(client: C, service: string): C => {
    open.push(client);
    // The union of the SDK's client types has no callable `add`; all three have the same stack.
    const stack = client.middlewareStack as unknown as Stack;
    const sign = (next: Next) => (args: { request: { headers: Record<string, string> } }) => {
      args.request.headers['user-agent'] = userAgent(service);
      delete args.request.headers['x-amz-user-agent'];
      return next(args);
    };
    stack.add(sign, { step: 'finalizeRequest', priority: 'low', name: 'actorUserAgent' });
    return client;
  };
  const config = (region: string) => ({ endpoint: url, region, credentials, maxAttempts: 1 });
  const regions = new Map<string, EC2Client>();
  return {
    ec2: (region) => {
      const client = regions.get(region) ?? make(new EC2Client(config(region)), 'ec2');
      regions.set(region, client);
      return client;
    },
    iam: make(new IAMClient(config('us-east-1')), 'iam'),
    sts: make(new STSClient(config('us-east-1')), 'sts'),
    close: () => {
      for (const client of open) client.destroy();
    },
  };
}
