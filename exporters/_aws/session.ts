/** Opens the configured accounts: from AWS, from a recording, or from AWS while recording. */
import { resolve } from 'node:path';
import type { Surroundings } from 'drifttrail';
import type { Account, Send } from './api.ts';
import { AnswerError } from './errors.ts';
import { type AccountOption, expectedId, labelOf, type SessionOptions } from './options.ts';
import { listAll } from './paginate.ts';
import { partitionOfArn, partitionOfRegion } from './partition.ts';
import { readRecording, recordingTo, replaying } from './recording.ts';
import { openSdk } from './sdk.ts';

export const sessionPermissions = ['sts:GetCallerIdentity', 'ec2:DescribeRegions'];

export interface Session {
  /** Asks an account who we are. Rejects with the SDK's errors, or AnswerError when another account answers. */
  readonly account: (option: AccountOption, signal: AbortSignal) => Promise<Account>;
  readonly close: () => void;
}

export async function openSession(options: SessionOptions, surroundings: Surroundings): Promise<Session> {
  const source =
    options.replay === undefined ? await fromAws(options, surroundings) : await fromRecording(resolve(surroundings.dir, options.replay));
  const account = async (option: AccountOption, signal: AbortSignal): Promise<Account> => {
    const send = await source.sender(option);
    const globalRegion = await globalRegionOf(option, options.regions, source);
    const identity = await send({ service: 'sts', operation: 'GetCallerIdentity', input: {}, region: globalRegion }, signal);
    const { Account: id, Arn: caller } = identity;
    if (typeof id !== 'string' || typeof caller !== 'string') throw new AnswerError('invalid', 'the answer names no account');
    const wanted = expectedId(option);
    if (wanted !== undefined && wanted !== id) throw new AnswerError('invalid', `account ${id} answered instead of ${wanted}`);
    return { id, caller, globalRegion, send: source.known(send, id) };
  };
  return { account, close: source.close };
}

/** Told by the role's ARN, by the regions to read, or by the region of the profile and the environment, in this order. */
async function globalRegionOf(
  { roleArn, profile }: AccountOption,
  regions: SessionOptions['regions'],
  source: Pick<Source, 'region'>,
): Promise<string> {
  if (roleArn !== undefined) return partitionOfArn(roleArn).globalRegion;
  const region = regions === 'enabled' ? await source.region(profile) : regions[0];
  return partitionOfRegion(region ?? '').globalRegion;
}

/** The regions to read, sorted; of a list those that the account's partition has. */
export async function regionsOf(account: Account, regions: SessionOptions['regions'], signal: AbortSignal): Promise<readonly string[]> {
  const { globalRegion } = account;
  if (regions !== 'enabled') {
    const here = partitionOfRegion(globalRegion);
    return [...new Set(regions)].filter((region) => partitionOfRegion(region) === here).sort();
  }
  const found = await listAll(
    account.send,
    { service: 'ec2', operation: 'DescribeRegions', input: {}, region: globalRegion },
    'Regions',
    signal,
  );
  const names = found.map((region) => region.regionName).filter((name) => typeof name === 'string');
  if (names.length === 0) throw new AnswerError('invalid', 'the answer names no region');
  return names.sort();
}

interface Source {
  /** Where a profile is at home, as far as its configuration and the environment tell. */
  readonly region: (profile: string | undefined) => Promise<string | undefined>;
  readonly sender: (option: AccountOption) => Promise<Send>;
  /** The sender once the account's number is known. */
  readonly known: (send: Send, id: string) => Send;
  readonly close: () => void;
}

async function fromAws(options: SessionOptions, surroundings: Surroundings): Promise<Source> {
  const sdk = await openSdk(options, surroundings);
  if (options.record === undefined) return { region: sdk.region, sender: sdk.sender, known: (send) => send, close: sdk.close };
  const folder = resolve(surroundings.dir, options.record);
  const direct = new WeakMap<Send, Send>();
  return {
    region: sdk.region,
    sender: async (option) => {
      const send = await sdk.sender(option);
      const recorded = recordingTo(folder, labelOf(option), send);
      direct.set(recorded, send);
      return recorded;
    },
    known: (send, id) => recordingTo(folder, id, direct.get(send) ?? send),
    close: sdk.close,
  };
}

async function fromRecording(folder: string): Promise<Source> {
  const recording = await readRecording(folder);
  return {
    region: async () => undefined,
    sender: async (option) => replaying(recording, labelOf(option)),
    known: (_send, id) => replaying(recording, id),
    close: () => undefined,
  };
}
