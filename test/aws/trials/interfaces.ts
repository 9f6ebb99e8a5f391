/** Network interfaces: groups, addresses, attachments. */
import * as ec2 from '@aws-sdk/client-ec2';
import * as place from './places.ts';
import { known, trial, type Trial } from './trial.ts';

export const interfaceTrials: readonly Trial[] = [
  trial('ec2.network-interface', 'created', 'made', async ({ ec2: aws }) => {
    const subnet = await place.subnet(aws, await place.vpc(aws));
    return () => place.networkInterface(aws, subnet);
  }),
  trial('ec2.network-interface', 'deleted', 'deleted', async ({ ec2: aws }) => {
    const vpc = await place.vpc(aws);
    const group = await place.securityGroup(aws, vpc);
    const NetworkInterfaceId = await place.networkInterface(aws, await place.subnet(aws, vpc), [group]);
    return () => aws.send(new ec2.DeleteNetworkInterfaceCommand({ NetworkInterfaceId }));
  }),
  trial('ec2.network-interface', 'deleted', 'with a second address and without its check', async ({ ec2: aws }) => {
    const NetworkInterfaceId = await place.networkInterface(aws, await place.subnet(aws, await place.vpc(aws)));
    await aws.send(new ec2.AssignPrivateIpAddressesCommand({ NetworkInterfaceId, PrivateIpAddresses: ['10.0.1.200'] }));
    await aws.send(new ec2.ModifyNetworkInterfaceAttributeCommand({ NetworkInterfaceId, SourceDestCheck: { Value: false } }));
    return () => aws.send(new ec2.DeleteNetworkInterfaceCommand({ NetworkInterfaceId }));
  }),
  trial('ec2.network-interface', 'modified', 'groups', async ({ ec2: aws }) => {
    const vpc = await place.vpc(aws);
    const [one, two] = [await place.securityGroup(aws, vpc), await place.securityGroup(aws, vpc, 'other')];
    const NetworkInterfaceId = await place.networkInterface(aws, await place.subnet(aws, vpc), [one]);
    return () => aws.send(new ec2.ModifyNetworkInterfaceAttributeCommand({ NetworkInterfaceId, Groups: [two] }));
  }),
  trial('ec2.network-interface', 'modified', 'source check', async ({ ec2: aws }) => {
    const NetworkInterfaceId = await place.networkInterface(aws, await place.subnet(aws, await place.vpc(aws)));
    return () => aws.send(new ec2.ModifyNetworkInterfaceAttributeCommand({ NetworkInterfaceId, SourceDestCheck: { Value: false } }));
  }),
  trial('ec2.network-interface', 'modified', 'description', async ({ ec2: aws }) => {
    const NetworkInterfaceId = await place.networkInterface(aws, await place.subnet(aws, await place.vpc(aws)));
    return () => aws.send(new ec2.ModifyNetworkInterfaceAttributeCommand({ NetworkInterfaceId, Description: { Value: 'x' } }));
  }),
  trial('ec2.network-interface', 'modified', 'address added', async ({ ec2: aws }) => {
    const NetworkInterfaceId = await place.networkInterface(aws, await place.subnet(aws, await place.vpc(aws)));
    return () => aws.send(new ec2.AssignPrivateIpAddressesCommand({ NetworkInterfaceId, PrivateIpAddresses: ['10.0.1.200'] }));
  }),
  trial('ec2.network-interface', 'modified', 'address removed', async ({ ec2: aws }) => {
    const NetworkInterfaceId = await place.networkInterface(aws, await place.subnet(aws, await place.vpc(aws)));
    const PrivateIpAddresses = ['10.0.1.200'];
    await aws.send(new ec2.AssignPrivateIpAddressesCommand({ NetworkInterfaceId, PrivateIpAddresses }));
    return () => aws.send(new ec2.UnassignPrivateIpAddressesCommand({ NetworkInterfaceId, PrivateIpAddresses }));
  }),
  trial('ec2.network-interface', 'modified', 'IPv6 address added', async ({ ec2: aws }) => {
    const { SubnetId, Ipv6CidrBlock } = await place.dualStack(aws);
    await aws.send(new ec2.AssociateSubnetCidrBlockCommand({ SubnetId, Ipv6CidrBlock }));
    const NetworkInterfaceId = await place.networkInterface(aws, SubnetId);
    return () => aws.send(new ec2.AssignIpv6AddressesCommand({ NetworkInterfaceId, Ipv6Addresses: [Ipv6CidrBlock.replace('/64', '7')] }));
  }),
  trial('ec2.network-interface', 'modified', 'IPv6 address removed', async ({ ec2: aws }) => {
    const { SubnetId, Ipv6CidrBlock } = await place.dualStack(aws);
    await aws.send(new ec2.AssociateSubnetCidrBlockCommand({ SubnetId, Ipv6CidrBlock }));
    const NetworkInterfaceId = await place.networkInterface(aws, SubnetId);
    const Ipv6Addresses = [Ipv6CidrBlock.replace('/64', '7')];
    await aws.send(new ec2.AssignIpv6AddressesCommand({ NetworkInterfaceId, Ipv6Addresses }));
    return () => aws.send(new ec2.UnassignIpv6AddressesCommand({ NetworkInterfaceId, Ipv6Addresses }));
  }),
  trial('ec2.network-interface', 'modified', 'attached to an instance', async ({ ec2: aws }) => {
    const { NetworkInterfaceId, InstanceId } = await interfaceAndInstance(aws);
    return () => aws.send(new ec2.AttachNetworkInterfaceCommand({ NetworkInterfaceId, InstanceId, DeviceIndex: 1 }));
  }),
  trial('ec2.network-interface', 'modified', 'detached from an instance', async ({ ec2: aws }) => {
    const { NetworkInterfaceId, InstanceId } = await interfaceAndInstance(aws);
    const { AttachmentId } = await aws.send(new ec2.AttachNetworkInterfaceCommand({ NetworkInterfaceId, InstanceId, DeviceIndex: 1 }));
    return () => aws.send(new ec2.DetachNetworkInterfaceCommand({ AttachmentId, Force: true }));
  }),
  trial('ec2.network-interface', 'modified', 'tags', async ({ ec2: aws }) => {
    const id = await place.networkInterface(aws, await place.subnet(aws, await place.vpc(aws)));
    return () => place.retag(aws, id);
  }),
];

async function interfaceAndInstance(aws: ec2.EC2Client): Promise<{ NetworkInterfaceId: string; InstanceId: string }> {
  const SubnetId = await place.subnet(aws, await place.vpc(aws));
  const { Images } = await aws.send(new ec2.DescribeImagesCommand({ Owners: ['amazon'], MaxResults: 5 }));
  const run = await aws.send(new ec2.RunInstancesCommand({ ImageId: Images?.[0]?.ImageId, MinCount: 1, MaxCount: 1, SubnetId }));
  return { NetworkInterfaceId: await place.networkInterface(aws, SubnetId), InstanceId: known(run.Instances?.[0]?.InstanceId) };
}
