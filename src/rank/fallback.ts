/** A first guess for what no rule knows: from the direction of the call or change alone, never above `low`. */
import type { AuditEvent, Change } from '../model.ts';
import { actionOf } from './facts.ts';

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

export function guessEvent(event: AuditEvent): Guess {
  const action = actionOf(event.name);
  const verb = VERBS.find(({ pattern }) => pattern.test(action));
  return {
    score: verb?.score ?? 6,
    because: verb === undefined ? 'no rule knows this call' : `${action} ${verb.because}; no rule knows more`,
  };
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
  return tagsOnly ? { score: 3, because: 'only labels changed' } : CHANGES[change.type];
}
