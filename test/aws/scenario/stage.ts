/** What the acts of a scenario work with: places, people and a view of what is there. */
import type { Random } from '../random.ts';
import type { Clients } from '../clients.ts';

export interface Person {
  /** Whom a report must name for this person's calls. */
  readonly name: string;
  readonly account: string;
  readonly clients: Clients;
}

/** A region of an account. */
export interface Place {
  readonly account: string;
  readonly region: string;
}

export interface Stage {
  readonly place: Place;
  readonly person: Person;
  /** Administrator's clients for looking around; what they read is never recorded. */
  readonly look: Clients;
  readonly random: Random;
}

/** What an act leaves to be undone; absent when it cannot be, or is not worth it. */
export type Undo = (person: Person) => Promise<unknown>;

/** One or more calls. Resolves to undefined when the place has nothing to act on. */
export type Act = (stage: Stage) => Promise<Undo | undefined>;

/** Prefers the first of the list, so that several people work on one thing. */
export function pickHot<T>(random: Random, list: readonly T[]): T | undefined {
  if (list.length === 0) return undefined;
  return random.chance(0.5) ? list[0] : random.pick(list);
}

export function cidr(random: Random): string {
  return `10.${random.int(200) + 20}.${random.int(255)}.0/24`;
}
