/** DHCP option sets. */
import { ec2Kind } from '../definition.ts';
import { entriesOf, objectsOf, omit, textOf } from '../document.ts';

export const dhcpOptions = ec2Kind({
  type: 'dhcp-options',
  title: 'DHCP option set',
  operation: 'DescribeDhcpOptions',
  items: 'DhcpOptions',
  input: { MaxResults: 1000 },
  id: 'dhcpOptionsId',
  shape: (item) => ({
    ...omit(item, 'dhcpConfigurations'),
    // The order of name servers means something and stays.
    options: Object.fromEntries(
      objectsOf(item, 'dhcpConfigurations').map((option) => [
        textOf(option, 'key') ?? '',
        objectsOf(option, 'values').map((value) => textOf(value, 'value') ?? ''),
      ]),
    ),
  }),
  undo: {
    created: (cli, id) => [cli('ec2 delete-dhcp-options', { 'dhcp-options-id': id })],
    deleted: (cli, before) => [
      cli.capture(
        cli('ec2 create-dhcp-options', {
          'dhcp-configurations': {
            json: entriesOf(before, 'options').map(([Key, Values]) => ({ Key, Values })),
          },
        }),
        'DhcpOptions.DhcpOptionsId',
      ),
    ],
  },
});
