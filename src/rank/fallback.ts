/** A first guess for what no rule knows: from the verb of the call and the way its settings turn, never above `low`. */
import type { AuditEvent, Change } from '../model.ts';
import { segmentsOf } from '../pointer.ts';
import { type Direction, directionOf, onlyStrengthens, takesAway } from './direction.ts';
import { actionOf } from './facts.ts';
import { few } from './few.ts';
import { isForeignPrincipal, ownerOf } from './principals.ts';
import { type Setting, settings, settingsAt } from './settings.ts';

interface Guess {
  readonly score: number;
  readonly because: string;
}

interface Verb {
  readonly pattern: RegExp;
  readonly score: number;
  readonly because: string;
}

/** First match counts. A call that takes a protection or a resource away outranks one that adds; a label or a tidy-up counts least. */
const VERBS: readonly Verb[] = [
  { pattern: /^(TagResource|UntagResource|(Create|Delete|Add|Remove|Put|Update)\w*Tags?|\w*Tagging)$/, score: 3, because: 'labels only' },
  {
    pattern: /^(Revoke|Retire|Detach|RemovePermission|Deauthorize|RemoveUser|Deregister|Cancel|Release)/,
    score: 8,
    because: 'takes access or a resource away',
  },
  { pattern: /(Policy|Permission|Acl|Grant|Trust|Visibility|PublicAccess)/, score: 26, because: 'changes who may do what' },
  { pattern: /^(Disable|Stop|Suspend|Deactivate|Disassociate|Unsubscribe|Archive)/, score: 24, because: 'switches something off' },
  { pattern: /^(Delete|Terminate|Purge|Destroy|Erase|Remove|BatchDelete)/, score: 22, because: 'removes something' },
  {
    pattern: /^(Authorize|Share|Attach|Associate|Accept|Invite|Import|Export|Restore|Copy|Run|Send|Execute|Invoke)/,
    score: 17,
    because: 'opens, connects or runs something',
  },
  { pattern: /^(Put|Update|Modify|Set|Change|Replace|Reset|Enable)/, score: 12, because: 'changes a setting' },
  { pattern: /^(Create|Register|Start|Allocate|Request|Add)/, score: 9, because: 'makes something new' },
];

const MAKES = /^(Create|Run|Register|Start|Request|Allocate|Restore|Launch)/;
const TAKES = /^(Revoke|Remove|Delete|Disassociate|Detach|Deregister|Retire|Cancel|Reject|Decline|Terminate)/;
/** What can hand something to whoever is named; the rest names others to shut them out, or by the way. */
const LETS =
  /^(Add|Accept|Associate|Attach|Authorize|Copy|Create|Enable|Export|Grant|Import|Invite|Put|Register|Replicate|Send|Set|Share|Start|Update)/;

export function guessEvent(event: AuditEvent): Guess {
  const action = actionOf(event.name);
  const verb = VERBS.find(({ pattern }) => pattern.test(action));
  const because = verb === undefined ? 'no rule knows this call' : `${action} ${verb.because}; no rule knows more`;
  const asked = settings(event.request);
  const score = Math.max(verb?.score ?? 6, asked.some(isSwitchedOff) ? SWITCHED_OFF : 0);
  const turned = turn(score, directionFor(action, asked), MAKES.test(action));
  if (turned.score < OPENED && LETS.test(action) && asked.some((one) => isOfAnother(one.value, event.account) && !takesAway(one)))
    return { score: Math.max(turned.score, FOREIGN), because: `${because}; it names another account` };
  return { score: turned.score, because: turned.told === '' ? because : `${because}; ${turned.told}` };
}

const SWITCHED_OFF = 24;

/** The thing itself, whatever it is, as `Disable` would. */
function isSwitchedOff({ name, state }: Setting): boolean {
  return state === 'off' && /^(enabled?|isenabled|status|state)$/.test(name);
}

/** What a call takes away it opens to nobody; that it skips a safeguard counts all the same. */
function directionFor(action: string, asked: readonly Setting[]): Direction {
  const direction = directionOf(asked);
  return TAKES.test(action) ? { opens: [], weakens: direction.weakens, strengthens: [] } : direction;
}

/** A word for everybody is as often one for everything. */
function isOfAnother(value: string, account: string): boolean {
  return ownerOf(value) !== undefined && isForeignPrincipal(value, account);
}

const OPENED = 35;
const WEAKENED = 33;
const FOREIGN = 31;
/** Who makes something opens nothing that was shut, and often writes down what is so without saying. */
const MADE_OPEN = 26;
const MADE_WEAK = 3;

/** The score as the settings turn it; what only protects counts half. */
function turn(score: number, direction: Direction, makes: boolean): { readonly score: number; readonly told: string } {
  const { opens, weakens } = direction;
  const more = Math.min(opens.length + weakens.length - 1, 3);
  if (opens.length > 0) return { score: Math.max(score, makes ? MADE_OPEN : OPENED) + more, told: `it opens ${few(opens)}` };
  if (weakens.length > 0 && makes) return { score: score + MADE_WEAK, told: '' };
  if (weakens.length > 0) return { score: Math.max(score, WEAKENED) + more, told: `it takes a protection away: ${few(weakens)}` };
  return onlyStrengthens(direction) ? { score: Math.round(score / 2), told: 'it only protects more' } : { score, told: '' };
}

const CHANGES: Readonly<Record<Change['type'], Guess>> = {
  deleted: { score: 24, because: 'it is gone' },
  modified: { score: 16, because: 'its configuration changed' },
  created: { score: 10, because: 'it is new' },
};

export function guessChange(change: Change): Guess {
  if (change.sameMeaning)
    return { score: 2, because: `only layout, order or comments changed: read as ${change.readAs ?? 'data'} it says what it said` };
  const tagsOnly =
    change.type === 'modified' &&
    change.edits.length > 0 &&
    change.edits.every(({ path }) => path === '/tags' || path.startsWith('/tags/') || path === '/description');
  if (tagsOnly) return { score: 3, because: 'only labels changed' };
  const { score, because } = CHANGES[change.type];
  if (change.type !== 'modified') return { score, because };
  const turned = turn(score, directionOf(change.edits.flatMap(({ path, after }) => settingsAt(segmentsOf(path), after))), false);
  return { score: turned.score, because: turned.told === '' ? because : `${because}; ${turned.told}` };
}
