/** What a hook is given, with everything that leaves the machine recorded instead. */
import { tmpdir } from 'node:os';
import type { Answer, HookContext, OutgoingRequest } from '../../src/model.ts';
import { spawn } from '../../src/spawn.ts';

export const DELIVERED = { status: 'delivered', detail: '200' } as const;

/** Controls but for the newline, direction marks, invisible characters and lone surrogates. */
export const UNSEEN =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about
  /[\p{Surrogate}\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\u{e0000}-\u{e007f}]/u;

export function contextOf<Options>(
  options: Options,
  overrides: Partial<HookContext> = {},
): HookContext<Options> & { readonly sent: OutgoingRequest[]; readonly packets: Uint8Array[] } {
  const sent: OutgoingRequest[] = [];
  const packets: Uint8Array[] = [];
  return {
    sent,
    packets,
    dir: tmpdir(),
    now: () => new Date('2026-01-14T12:00:00Z'),
    env: {},
    fetch: () => Promise.reject(new Error('outlets send through the sender')),
    spawn,
    sleep: () => Promise.resolve(),
    send: (request) => {
      sent.push(request);
      return Promise.resolve(DELIVERED);
    },
    ask: (request): Promise<Answer> => {
      sent.push(request);
      return Promise.resolve({ ...DELIVERED, code: 200, body: '' });
    },
    connect: () => Promise.reject(new Error('no stream is expected')),
    sendDatagrams: (_target, given) => {
      packets.push(...given);
      return Promise.resolve();
    },
    ...overrides,
    options,
  };
}

/** Every text within a value that is sent as JSON. */
export function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(textsOf);
}
