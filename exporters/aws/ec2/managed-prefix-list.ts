/** Prefix lists of our own, with their entries; those of AWS change by AWS's own doing and are not read. */
import type { Change, JsonObject } from 'drifttrail';
import { type Argument, type Cli, waitUntil } from '../../_aws/cli.ts';
import { note } from '../../_shell/words.ts';
import { ec2Kind, type Reader } from '../definition.ts';
import { differs, entriesOf, fieldOf, membersOf, textOf } from '../document.ts';

async function withEntries(lists: readonly JsonObject[], reader: Reader): Promise<JsonObject[]> {
  return reader.each(lists, async (list) => {
    const PrefixListId = list.prefixListId ?? '';
    const entries = await reader.all('GetManagedPrefixListEntries', 'Entries', { PrefixListId, MaxResults: 100 });
    return {
      ...list,
      entries: Object.fromEntries(entries.map((entry) => [textOf(entry, 'cidr') ?? '', textOf(entry, 'description') ?? ''])),
    };
  });
}

/** Entries in the command line's shorthand-free form. */
const entry = ([Cidr, Description]: readonly [string, unknown]) =>
  typeof Description === 'string' && Description !== '' ? { Cidr, Description } : { Cidr };

export const managedPrefixList = ec2Kind({
  type: 'managed-prefix-list',
  title: 'prefix list',
  operation: 'DescribeManagedPrefixLists',
  items: 'PrefixLists',
  input: { MaxResults: 100 },
  id: 'prefixListId',
  also: ['GetManagedPrefixListEntries'],
  gone: (item) => item.ownerId === 'AWS' || item.state === 'delete-complete' || item.state === 'delete-in-progress',
  prepare: withEntries,
  volatile: [
    { path: '/state', because: 'it tells how the latest operation went, whose result the version and entries show: "modify-complete"' },
    { path: '/stateMessage', because: 'the words to that state: "The prefix list has reached its maximum size"' },
  ],
  undo: {
    created: (cli, id) => [cli('ec2 delete-managed-prefix-list', { 'prefix-list-id': id })],
    deleted: (cli, before) => [
      cli.capture(
        cli('ec2 create-managed-prefix-list', {
          'prefix-list-name': textOf(before, 'prefixListName'),
          'address-family': textOf(before, 'addressFamily'),
          'max-entries': Number(fieldOf(before, 'maxEntries') ?? entriesOf(before, 'entries').length),
          entries: { json: entriesOf(before, 'entries').map(entry) },
        }),
        'PrefixList.PrefixListId',
      ),
    ],
    modified: (cli, change) => {
      const list = { 'prefix-list-id': change.ref.id };
      const [name, most] = [textOf(change.before, 'prefixListName'), fieldOf(change.before, 'maxEntries')];
      return [
        ...(differs(change, '/maxEntries') && typeof most === 'number'
          ? [cli('ec2 modify-managed-prefix-list', { ...list, 'max-entries': most })]
          : []),
        ...(differs(change, '/prefixListName') ? [cli('ec2 modify-managed-prefix-list', { ...list, 'prefix-list-name': name })] : []),
        ...restoreEntries(cli, change),
      ];
    },
  },
});

function restoreEntries(cli: Cli, change: Change): string[] {
  const list = { 'prefix-list-id': change.ref.id };
  const { added, removed, changed } = membersOf(change, '/entries');
  const unwanted = [...added.map(([Cidr]) => ({ Cidr })), ...changed.map(({ key: Cidr }) => ({ Cidr }))];
  const wanted = [...removed, ...changed.map(({ key, before }) => [key, before] as const)].map(entry);
  if (unwanted.length + wanted.length === 0) return [];
  const version = Number(fieldOf(change.after, 'version'));
  const remove = { 'remove-entries': unwanted.length === 0 ? undefined : { json: unwanted } };
  const add = { 'add-entries': wanted.length === 0 ? undefined : { json: wanted } };
  const modify = (at: number, what: Readonly<Record<string, Argument>>) =>
    cli('ec2 modify-managed-prefix-list', { ...list, 'current-version': at, ...what });
  const versions = note('the version of the prefix list counts on');
  // One request must not name an entry twice: a description changes by taking the entry out and putting it in again.
  if (changed.length === 0) return [modify(version, { ...add, ...remove }), versions];
  const state = cli('ec2 describe-managed-prefix-lists', { 'prefix-list-ids': change.ref.id });
  return [modify(version, remove), waitUntil(state, 'PrefixLists[0].State', 'modify-complete'), modify(version + 1, add), versions];
}
