/** Elastic IP addresses. */
import { note } from '../../_shell/words.ts';
import { ec2Kind } from '../definition.ts';
import { textOf } from '../document.ts';

export const address = ec2Kind({
  type: 'address',
  title: 'Elastic IP address',
  plural: 'Elastic IP addresses',
  operation: 'DescribeAddresses',
  items: 'Addresses',
  id: 'allocationId',
  secondaryIds: (config) => {
    const id = textOf(config, 'associationId');
    return id === undefined ? {} : { [id]: '/associationId' };
  },
  undo: {
    created: (cli, id) => [cli('ec2 release-address', { 'allocation-id': id })],
    // AWS gives a released address back to the account as long as nobody else has it.
    deleted: (cli, before) => {
      // An interface that is gone is answered as ''.
      const networkInterface = textOf(before, 'networkInterfaceId') || undefined;
      const pool = textOf(before, 'publicIpv4Pool');
      return [
        cli.capture(
          cli('ec2 allocate-address', {
            domain: textOf(before, 'domain') ?? 'vpc',
            address: textOf(before, 'publicIp'),
            'network-border-group': textOf(before, 'networkBorderGroup'),
            'public-ipv4-pool': pool === 'amazon' ? undefined : pool,
          }),
          'AllocationId',
        ),
        ...(networkInterface === undefined
          ? []
          : [
              cli('ec2 associate-address', {
                'allocation-id': cli.newId,
                'network-interface-id': networkInterface,
                'private-ip-address': textOf(before, 'privateIpAddress'),
              }),
            ]),
        note('AWS gives an address back only as long as nobody else has got it: should it refuse, leave out --address and take another'),
      ];
    },
    modified: (cli, change) => {
      const [was, is] = [change.before, change.after].map((config) => textOf(config, 'associationId') || undefined);
      if (was === is) return [];
      return [
        ...(is === undefined ? [] : [cli('ec2 disassociate-address', { 'association-id': is })]),
        ...(was === undefined
          ? []
          : [
              cli('ec2 associate-address', {
                'allocation-id': change.ref.id,
                'network-interface-id': textOf(change.before, 'networkInterfaceId'),
                'private-ip-address': textOf(change.before, 'privateIpAddress'),
              }),
            ]),
      ];
    },
  },
});
