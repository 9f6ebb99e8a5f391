/** Elastic IP addresses. */
import { capture, NEW_ID } from '../../_aws/cli.ts';
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
      const networkInterface = textOf(before, 'networkInterfaceId');
      return [
        capture(
          cli('ec2 allocate-address', { domain: textOf(before, 'domain') ?? 'vpc', address: textOf(before, 'publicIp') }),
          'AllocationId',
        ),
        ...(networkInterface === undefined
          ? []
          : [cli('ec2 associate-address', { 'allocation-id': NEW_ID, 'network-interface-id': networkInterface })]),
      ];
    },
    modified: (cli, change) => {
      const [was, is] = [textOf(change.before, 'associationId'), textOf(change.after, 'associationId')];
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
