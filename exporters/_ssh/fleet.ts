/** Reads many machines at once; what befalls one is a gap of that one. */
import { isAbsolute, resolve } from 'node:path';
import { type CollectContext, DrifttrailError, describeError, type Gap, type Resource } from 'drifttrail';
import pLimit from 'p-limit';
import { gathered } from '../_shared/channel.ts';
import { Refused, type SshSettings } from './ssh.ts';

/** What one machine told. */
export interface Told {
  readonly resources: readonly Resource[];
  /** Those that are complete. */
  readonly kinds: readonly string[];
  readonly gaps: readonly Gap[];
  readonly identity: string | undefined;
}

type Sink = Pick<CollectContext, 'signal' | 'identity' | 'gap' | 'complete'>;

/** `read` gets the signal that also ends when nobody asks for more. */
export async function* readFleet<Host extends { readonly name: string }>(
  context: Sink,
  hosts: readonly Host[],
  concurrency: number,
  read: (host: Host, signal: AbortSignal) => Promise<Told>,
): AsyncGenerator<Resource> {
  const atOnce = pLimit(concurrency);
  const stop = new AbortController();
  const signal = AbortSignal.any([context.signal, stop.signal]);
  try {
    yield* gathered<Resource>((push) =>
      Promise.all(hosts.map((host) => atOnce(async () => push(await readOne(context, host.name, signal, () => read(host, signal)))))),
    );
  } finally {
    stop.abort();
  }
}

/** Complete kinds are told only once everything of the machine is in: a part of it is never taken for the whole. */
async function readOne(context: Sink, name: string, signal: AbortSignal, read: () => Promise<Told>): Promise<readonly Resource[]> {
  const scope = `hosts/${name}`;
  signal.throwIfAborted();
  try {
    const { resources, kinds, gaps, identity } = await read();
    if (identity !== undefined) context.identity(scope, identity);
    for (const gap of gaps) context.gap(gap);
    for (const kind of kinds) context.complete(scope, kind);
    return resources;
  } catch (error) {
    if (signal.aborted) throw error;
    if (error instanceof Refused) context.gap({ scope, reason: error.reason, detail: error.message });
    else context.gap({ scope, reason: 'invalid', detail: describeError(error) });
    return [];
  }
}

/** `ssh:` of the options, its file found from the deployment's folder. */
export function settingsOf(dir: string, { config, options }: SshSettings): SshSettings {
  return { options, config: config === undefined ? undefined : placeOf(dir, config) };
}

/** Throws DrifttrailError when two machines would share a place in the snapshots. */
export function refuseTwice(hosts: readonly { readonly name: string }[]): void {
  const twice = hosts.find(({ name }, index) => hosts.findIndex((other) => other.name.toLowerCase() === name.toLowerCase()) !== index);
  if (twice === undefined) return;
  throw new DrifttrailError({
    code: 'hosts',
    message: `the host ${twice.name} is listed twice`,
    remedy: 'names stand for machines in the snapshots: give each its own, and set address where it differs',
  });
}

/** ssh itself knows what `~` is. */
export function placeOf(dir: string, path: string): string {
  return isAbsolute(path) || path.startsWith('~/') ? path : resolve(dir, path);
}
