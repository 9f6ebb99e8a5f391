/** Who and how: what raises or lowers a score around the act itself. Data, so that each adjustment can be read and argued about. */
import type { Actor, AuditEvent } from '../model.ts';
import { few } from './few.ts';
import type { Around } from './surroundings.ts';

/** What is known beyond the change and its events; every part optional. */
export interface Others {
  /** Milliseconds since the same principal created the resource. */
  readonly createdBySameActor?: number;
  /** The change was undone later, after so many milliseconds. */
  readonly undoneAfter?: number;
  /** This principal has not been seen before. */
  readonly firstSeen?: boolean;
  /** A known principal, from an address or a country, or through a channel, that it was not seen with before. */
  readonly newAddress?: boolean;
  readonly newCountry?: boolean;
  readonly newChannel?: boolean;
}

export interface Circumstances {
  readonly actor: Actor | undefined;
  readonly events: readonly AuditEvent[];
  readonly others: Others;
  readonly surroundings: Around;
  /** Whether the change opened a door to public addresses. */
  readonly opens: boolean;
  /** Whether all that the call asks for is more protection; or that it opens something, or takes a protection away. */
  readonly protects: boolean;
  readonly loosens: boolean;
  readonly kind: string | undefined;
}

interface Adjustment {
  readonly points: number;
  /** A clause for people, added to the reasons. */
  readonly because: string | ((facts: Circumstances) => string);
  readonly applies: (facts: Circumstances) => boolean;
}

const MINUTE = 60_000;

/** Their sessions always say that there was no second factor: it was asked for where they signed in, or there is nobody to ask. */
const SIGNED_IN_ELSEWHERE = new Set([
  'AssumedRole',
  'Role',
  'FederatedUser',
  'SAMLUser',
  'WebIdentityUser',
  'IdentityCenterUser',
  'AWSService',
  'AWSAccount',
]);

/**
 * Neither the session name nor the user agent counts for or against anybody: both are the caller's to choose. The
 * channel `console` is believed only to say that a hand was at work, never that it was harmless; and that a channel or
 * an address is another than a principal's own habit is worth a word, whatever they are.
 */
const ADJUSTMENTS: readonly Adjustment[] = [
  { points: 10, because: 'done by the root user', applies: ({ actor }) => actor?.type === 'Root' },
  {
    points: 5,
    because: 'without multi-factor authentication',
    applies: ({ actor }) => actor?.mfa === false && actor.service === undefined && !SIGNED_IN_ELSEWHERE.has(actor.type),
  },
  // Identity Center names its roles so; whoever else takes such a name gains nothing by it.
  { points: 1, because: 'by a person', applies: ({ actor }) => actor?.role?.startsWith('AWSReservedSSO_') === true },
  { points: 2, because: 'with a credential that lasts', applies: ({ actor }) => hasLastingCredential(actor) },
  {
    points: 4,
    because: 'by hand on something that is managed as code',
    applies: ({ actor, surroundings }) => surroundings.managed && actor?.via === 'console',
  },
  { points: 5, because: 'in production', applies: ({ surroundings }) => surroundings.production },
  { points: 4, because: 'by a principal not seen before', applies: ({ others }) => others.firstSeen === true },
  {
    points: 3,
    because: 'from an address that is new for this principal',
    applies: ({ others }) => others.newAddress === true && others.newCountry !== true,
  },
  {
    points: 5,
    because: ({ actor }) => `from a country that is new for this principal: ${actor?.country ?? ''}`,
    applies: ({ others }) => others.newCountry === true,
  },
  {
    points: 3,
    because: 'through a channel that is new for this principal',
    applies: ({ others }) => others.newChannel === true,
  },
  {
    points: 5,
    because: 'by a principal of another account',
    applies: ({ actor, events }) => events.some((event) => isForeign(actor, event)),
  },
  {
    points: 5,
    because: ({ surroundings }) => `reachable from the internet: ${few(surroundings.exposed.reachable)}`,
    applies: ({ opens, surroundings }) => opens && surroundings.exposed.reachable.length > 0,
  },
  {
    points: -6,
    because: ({ surroundings }) => `nothing behind it is reached from the internet yet: ${surroundings.exposed.obstacles.join(', ')}`,
    applies: ({ opens, surroundings }) => opens && surroundings.exposed.reachable.length === 0 && surroundings.exposed.obstacles.length > 0,
  },
  {
    points: -8,
    because: 'nothing is attached to it yet',
    applies: ({ kind, surroundings }) => kind === 'aws.ec2.security-group' && surroundings.known && surroundings.interfaces === 0,
  },
  { points: 1, because: 'it opens something or takes a protection away', applies: ({ loosens }) => loosens },
  { points: -3, because: 'it only protects more', applies: ({ protects }) => protects },
  { points: -6, because: 'by a CloudFormation stack', applies: ({ actor }) => actor?.service === 'cloudformation.amazonaws.com' },
  { points: -10, because: 'by AWS itself', applies: ({ actor }) => actor?.type === 'AWSService' },
  {
    points: -10,
    because: 'by the principal who had made it minutes before',
    applies: ({ others }) => others.createdBySameActor !== undefined && others.createdBySameActor <= 15 * MINUTE,
  },
  {
    points: -8,
    because: ({ others }) => (others.undoneAfter === undefined ? '' : `undone ${duration(others.undoneAfter)} later`),
    applies: ({ others }) => others.undoneAfter !== undefined,
  },
];

/** An IAM user's own key (AKIA), and the federated sessions made with one, outlive every session of a role. */
function hasLastingCredential(actor: Actor | undefined): boolean {
  return actor?.type === 'FederatedUser' || (actor?.type === 'IAMUser' && actor.credential?.startsWith('AKIA') === true);
}

function isForeign(actor: Actor | undefined, event: AuditEvent): boolean {
  const arn = actor?.arn ?? '';
  // Most are of the account itself, which is seen without an expression.
  if (arn === '' || arn.includes(`:${event.account}:`)) return false;
  const owner = /^arn:[^:]*:[^:]*:[^:]*:(\d{12}):/.exec(arn)?.[1];
  return owner !== undefined && /^\d{12}$/.test(event.account) && owner !== event.account;
}

function duration(milliseconds: number): string {
  const minutes = Math.round(milliseconds / MINUTE);
  if (minutes < 1) return `${Math.round(milliseconds / 1000)} s`;
  return minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
}

/** Smaller adjustments order findings and would only tire the reader. */
const WORTH_SAYING = 3;

/** Asked of every event: one pass, and no list where nothing applies. */
export function adjust(circumstances: Circumstances): { readonly points: number; readonly reasons: readonly string[] } {
  let sum = 0;
  const reasons: string[] = [];
  for (const { points, because, applies } of ADJUSTMENTS) {
    if (!applies(circumstances)) continue;
    sum += points;
    if (Math.abs(points) >= WORTH_SAYING) reasons.push(typeof because === 'string' ? because : because(circumstances));
  }
  return { points: sum, reasons };
}
