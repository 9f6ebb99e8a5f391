/** What a region or an account sets for all of its VPCs, and which of them it leaves out. */
import { type Effect, type Json, pointer, type Ref, valueAt } from 'drifttrail';
import { type Act, keysAt, text, those } from './act.ts';
import { ec2, ec2Ref, implied, set, type Topic } from './rules.ts';

const BLOCKED = '/blockPublicAccessStates/**';
const all = (act: Act, type: string, test: (config: Json) => boolean = () => true): Ref[] => those(act, `aws.ec2.${type}`, test);

/** The request names what is excluded, or the answer does. */
function exclusion(act: Act): Effect[] {
  const arn = text(act.response, 'vpcBlockPublicAccessExclusion.resourceArn');
  const id = text(act.request, 'vpcId', 'subnetId') ?? arn?.split('/').at(-1);
  if (id === undefined) return [];
  if (id.startsWith('subnet-')) return set(ec2Ref(act, 'subnet', id), BLOCKED);
  const subnets = all(act, 'subnet', (config) => valueAt(config, '/vpcId') === id);
  return [
    ...set(ec2Ref(act, 'vpc', id), BLOCKED),
    ...implied('what is blocked for a VPC is blocked for its subnets', set(subnets, BLOCKED)),
  ];
}

const NAMES = ['/privateDnsName', '/publicDnsName', '/association/publicDnsName'];

/** Interfaces have names where their VPC gives some. */
export function hostnames(act: Act): Effect[] {
  if (text(act.request, 'enableDnsHostnames') === undefined) return [];
  const id = text(act.request, 'vpcId');
  const interfaces = all(act, 'network-interface', (config) => valueAt(config, '/vpcId') === id);
  const named = interfaces.flatMap((ref) => [
    ...NAMES.flatMap((path) => set([ref], path)),
    ...keysAt(act, ref, '/privateIpAddresses', () => true).flatMap((address) => [
      ...set([ref], pointer('privateIpAddresses', address, 'privateDnsName')),
      ...set([ref], pointer('privateIpAddresses', address, 'association', 'publicDnsName')),
    ]),
  ]);
  return implied('the names that a VPC gives to interfaces', named);
}

export const vpcWide: Topic = {
  kinds: ['aws.ec2.vpc', 'aws.ec2.subnet'],
  rules: [
    ec2('ModifyVpcBlockPublicAccessOptions', (act) =>
      implied('a region blocks public access for all of its VPCs', set([...all(act, 'vpc'), ...all(act, 'subnet')], BLOCKED)),
    ),
    ...['Create', 'Modify', 'Delete'].map((verb) => ec2(`${verb}VpcBlockPublicAccessExclusion`, exclusion)),
    ec2('ModifyAccountVpcEncryptionControl', (act) =>
      implied('an account’s encryption control holds for all of its VPCs', set(all(act, 'vpc'), '/encryptionControl/**')),
    ),
  ],
};
