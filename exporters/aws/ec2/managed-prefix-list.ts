/** Prefix lists of our own, with their entries; those of AWS change by AWS's own doing and are not read. */
import type { JsonObject } from 'drifttrail';
import { capture } from '../../_aws/cli.ts';
import { ec2Kind, type Reader } from '../definition.ts';
import { entriesOf, fieldOf, membersOf, textOf } from '../document.ts';

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
      capture(
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
      const { added, removed, changed } = membersOf(change, '/entries');
      const add = [...removed, ...changed.map(({ key, before }) => [key, before] as const)].map(entry);
      if (add.length === 0 && added.length === 0) return [];
      const version = fieldOf(change.after, 'version');
      return [
        cli('ec2 modify-managed-prefix-list', {
          'prefix-list-id': change.ref.id,
          'current-version': typeof version === 'number' ? version : undefined,
          'add-entries': add.length === 0 ? undefined : { json: add },
          'remove-entries': added.length === 0 ? undefined : { json: added.map(([Cidr]) => ({ Cidr })) },
        }),
      ];
    },
  },
});
