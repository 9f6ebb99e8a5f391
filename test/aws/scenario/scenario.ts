/** Plays seeded rounds of changes by several people over two accounts and three regions, and tells of every call when it has been made. */
import { EC2ServiceException } from '@aws-sdk/client-ec2';
import { IAMServiceException } from '@aws-sdk/client-iam';
import type { Clients } from '../clients.ts';
import { type Endpoint, startEndpoint, type Write } from '../endpoint/endpoint.ts';
import { createRandom, type Random } from '../random.ts';
import { iamActs } from './actions/iam.ts';
import { networkActs } from './actions/network.ts';
import { routeActs } from './actions/routes.ts';
import { securityGroupActs } from './actions/security-groups.ts';
import { tagActs } from './actions/tags.ts';
import { trialActs } from './actions/trials.ts';
import { ACCOUNTS, administrator, people } from './cast.ts';
import { type Clock, createClock } from './clock.ts';
import type { Act, Person, Undo } from './stage.ts';
import { buildPeople, buildRegion, REGIONS } from './world.ts';

/** One call that changed something or tried to, by whom, and for what. */
export interface PlayedCall extends Write {
  readonly act: string;
  /** By whom, as a report must name them. */
  readonly who: string;
}

export interface Scenario {
  readonly endpoint: Endpoint;
  readonly clock: Clock;
  /** Plays one round; `after` runs after each call, before anybody makes another. */
  readonly round: (deeds: number, after: (call: PlayedCall) => Promise<void>) => Promise<void>;
  readonly stop: () => Promise<void>;
}

const GROUPS: readonly { readonly weight: number; readonly acts: Readonly<Record<string, Act>> }[] = [
  { weight: 3, acts: routeActs },
  { weight: 4, acts: securityGroupActs },
  { weight: 3, acts: networkActs },
  { weight: 2, acts: tagActs },
  { weight: 4, acts: iamActs },
  { weight: 4, acts: trialActs('ec2') },
  { weight: 3, acts: trialActs('iam') },
];
const DRAW = GROUPS.flatMap((group) => Array.from({ length: group.weight }, () => group));

/** How a trail delivers. */
export interface Delivery {
  /** A record can be looked up at most this many milliseconds after its call. */
  readonly delay: number;
  /** Share of records that come twice, 0–1. */
  readonly duplicates: number;
  /** The clock of a region is at most this many milliseconds ahead of ours or behind. */
  readonly skew: number;
}

export const USUAL: Delivery = { delay: 8 * 60_000, duplicates: 0.1, skew: 0 };

export async function startScenario(seed: number, { delay, duplicates, skew }: Delivery = USUAL): Promise<Scenario> {
  const clock = createClock('2026-01-14T08:00:00Z');
  const random = createRandom(seed);
  const lookup = { delay: () => random.int(delay), duplicates, disorder: true, skew: clocksWithin(skew, seed) };
  const endpoint = await startEndpoint({ seed, now: clock.now, monotonic: () => clock.now().getTime(), lookup });
  try {
    const admins = new Map<string, Clients>();
    for (const account of ACCOUNTS) {
      const admin = await administrator(endpoint, account);
      admins.set(account, admin);
      for (const region of REGIONS) await buildRegion(admin, region);
      await buildPeople(admin, account);
    }
    clock.advance(4 * 3_600_000);
    const cast = await people(
      endpoint,
      clock
        .now()
        .toISOString()
        .replace(/\.\d+Z$/, 'Z'),
    );
    return {
      endpoint,
      clock,
      round: (deeds, after) => playRound({ endpoint, clock, random, admins, cast }, deeds, after),
      stop: async () => {
        for (const clients of [...admins.values(), ...cast.map((one) => one.clients)]) clients.close();
        await endpoint.stop();
      },
    };
  } catch (error) {
    await endpoint.stop();
    throw error;
  }
}

/** One offset for each account and region, drawn apart so that the play stays the same. Whole seconds, as records are dated. */
function clocksWithin(skew: number, seed: number): (account: string, region: string) => number {
  const random = createRandom(seed + 1_000_000);
  const clocks = new Map<string, number>();
  return (account, region) => {
    const key = `${account}/${region}`;
    const offset = clocks.get(key) ?? 1000 * Math.round((skew * (2 * random.next() - 1)) / 1000);
    clocks.set(key, offset);
    return offset;
  };
}

interface Company {
  readonly endpoint: Endpoint;
  readonly clock: Clock;
  readonly random: Random;
  readonly admins: ReadonlyMap<string, Clients>;
  readonly cast: readonly Person[];
}

async function playRound(company: Company, deeds: number, after: (call: PlayedCall) => Promise<void>): Promise<void> {
  const { endpoint } = company;
  const playing = { act: '', who: '' };
  const troubles: unknown[] = [];
  // The caller must not take the listener's troubles for AWS's refusal.
  const end = endpoint.onWrite((write) => after({ ...write, ...playing }).catch((error: unknown) => void troubles.push(error)));
  try {
    await playDeeds(company, deeds, playing);
  } finally {
    end();
  }
  if (troubles.length > 0) throw troubles[0];
}

async function playDeeds(company: Company, deeds: number, playing: { act: string; who: string }): Promise<void> {
  const { random, clock, cast, admins } = company;
  const toUndo: { act: string; account: string; undo: Undo }[] = [];
  for (let number = 0; number < deeds; number += 1) {
    // Most writes share their second with another.
    if (random.chance(0.4)) clock.advance(random.int(40_000));
    const person = random.pick(cast);
    const place = { account: person.account, region: random.pick(REGIONS) };
    const undoing = random.chance(0.3) ? toUndo.find((one) => one.account === person.account) : undefined;
    const group = random.pick(DRAW);
    const act = random.pick(Object.keys(group.acts));
    const look = admins.get(person.account);
    const play = group.acts[act];
    if (look === undefined || play === undefined) continue;
    playing.who = person.name;
    playing.act = undoing === undefined ? act : `undo ${undoing.act}`;
    const stage = { place, person, look, random };
    if (random.chance(0.1)) await tryInVain(company, person, undoing?.undo, () => play(stage));
    if (undoing !== undefined) toUndo.splice(toUndo.indexOf(undoing), 1);
    const undo = await unlessRefused(async () => (undoing === undefined ? play(stage) : void (await undoing.undo(person))));
    if (undo !== undefined) toUndo.push({ act, account: person.account, undo });
  }
}

/** A refusal by AWS is part of the play, and CloudTrail has its record; anything else is a fault of the scenario. */
async function unlessRefused<T>(task: () => Promise<T>): Promise<T | undefined> {
  try {
    return await task();
  } catch (error) {
    if (error instanceof EC2ServiceException || error instanceof IAMServiceException) return undefined;
    throw error;
  }
}

/** The same without the permission. */
async function tryInVain({ endpoint }: Company, person: Person, undo: Undo | undefined, play: () => Promise<unknown>): Promise<void> {
  const end = endpoint.fault({ fault: 'denied', account: person.account, writes: true });
  await unlessRefused(() => (undo === undefined ? play() : undo(person)));
  end();
}
