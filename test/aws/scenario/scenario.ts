/** Plays seeded rounds of changes by several people over two accounts and three regions, and says after every call what it did. */
import type { JsonObject } from '../../../src/model.ts';
import type { Clients } from '../clients.ts';
import { type Endpoint, startEndpoint } from '../endpoint/endpoint.ts';
import { createRandom, type Random } from '../random.ts';
import { iamActs } from './actions/iam.ts';
import { networkActs } from './actions/network.ts';
import { routeActs } from './actions/routes.ts';
import { securityGroupActs } from './actions/security-groups.ts';
import { tagActs } from './actions/tags.ts';
import { ACCOUNTS, administrator, people } from './cast.ts';
import { type Clock, createClock } from './clock.ts';
import type { Act, Person, Place, Undo } from './stage.ts';
import { buildPeople, buildRegion, REGIONS } from './world.ts';

/** What one person did in one go: the records of the calls, and where to look for their effects. */
export interface Deed {
  readonly act: string;
  readonly place: Place;
  /** By whom, as a report must name them. */
  readonly who: string;
  readonly records: readonly JsonObject[];
  readonly failed: boolean;
}

export interface Scenario {
  readonly endpoint: Endpoint;
  readonly clock: Clock;
  /** Plays one round; `after` runs after each deed. */
  readonly round: (deeds: number, after: (deed: Deed) => Promise<void>) => Promise<void>;
  readonly stop: () => Promise<void>;
}

const GROUPS: readonly { readonly weight: number; readonly global: boolean; readonly acts: Readonly<Record<string, Act>> }[] = [
  { weight: 3, global: false, acts: routeActs },
  { weight: 4, global: false, acts: securityGroupActs },
  { weight: 3, global: false, acts: networkActs },
  { weight: 2, global: false, acts: tagActs },
  { weight: 4, global: true, acts: iamActs },
];
const DRAW = GROUPS.flatMap((group) => Array.from({ length: group.weight }, () => group));

export async function startScenario(seed: number): Promise<Scenario> {
  const clock = createClock('2026-01-14T08:00:00Z');
  const random = createRandom(seed);
  const delay = () => random.int(8 * 60_000);
  const lookup = { delay, duplicates: 0.1, disorder: true };
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

interface Company {
  readonly endpoint: Endpoint;
  readonly clock: Clock;
  readonly random: Random;
  readonly admins: ReadonlyMap<string, Clients>;
  readonly cast: readonly Person[];
}

async function playRound(company: Company, deeds: number, after: (deed: Deed) => Promise<void>): Promise<void> {
  const { random, clock, cast, admins, endpoint } = company;
  const toUndo: { act: string; place: Place; undo: Undo }[] = [];
  for (let number = 0; number < deeds; number += 1) {
    // Most writes share their second with another.
    if (random.chance(0.4)) clock.advance(random.int(40_000));
    const person = random.pick(cast);
    const place = { account: person.account, region: random.pick(REGIONS) };
    const undoing = random.chance(0.3) ? toUndo.find((one) => one.place.account === person.account) : undefined;
    const group = random.pick(DRAW);
    const act = random.pick(Object.keys(group.acts));
    const look = admins.get(person.account);
    const play = group.acts[act];
    if (look === undefined || play === undefined) continue;
    if (random.chance(0.1)) await tryInVain(company, person, undoing?.undo, () => play({ place, person, look, random }));
    const start = endpoint.records().length;
    let failed = false;
    try {
      if (undoing !== undefined) {
        toUndo.splice(toUndo.indexOf(undoing), 1);
        await undoing.undo(person);
      } else {
        const undo = await play({ place, person, look, random });
        if (undo !== undefined) toUndo.push({ act, place: group.global ? { ...place, region: 'global' } : place, undo });
      }
    } catch {
      failed = true; // AWS refused, and CloudTrail has the record
    }
    const where = undoing?.place ?? (group.global ? { ...place, region: 'global' } : place);
    await after({
      act: undoing === undefined ? act : `undo ${undoing.act}`,
      place: where,
      who: person.name,
      records: endpoint.records().slice(start),
      failed,
    });
  }
}

/** The same without the permission. */
async function tryInVain({ endpoint, cast }: Company, person: Person, undo: Undo | undefined, play: () => Promise<unknown>): Promise<void> {
  if (!cast.includes(person)) return;
  const end = endpoint.fault({ fault: 'denied', account: person.account, writes: true });
  await (undo === undefined ? play() : undo(person)).catch(() => undefined); // refused, which is the point
  end();
}
