/** An endpoint of AWS's JSON protocols on 127.0.0.1. */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Reply {
  readonly status: number;
  readonly body: unknown;
}

export interface Loopback {
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** `target` is the service and operation as the header x-amz-target says them. */
export async function openLoopback(
  contentType: string,
  answer: (target: string, input: Record<string, unknown>) => Reply | Promise<Reply>,
): Promise<Loopback> {
  const server = createServer(async (request, response) => {
    const input = JSON.parse(await textOf(request)) as Record<string, unknown>;
    const { status, body } = await answer(String(request.headers['x-amz-target']), input);
    response.statusCode = status;
    response.setHeader('content-type', contentType);
    response.end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
