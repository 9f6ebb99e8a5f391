/** Elastic IP addresses. */
import { type Effect, pointer, type Ref, valueAt } from 'drifttrail';
import { type Act, partOf, text, those } from './act.ts';
import { created, ec2, ec2Ref, implied, remove, set, type Topic, unset } from './rules.ts';

/** What an address has while it is associated with something, beside the association's id. */
export const ASSOCIATED = ['networkInterfaceId', 'instanceId', 'privateIpAddress', 'networkInterfaceOwnerId'];

/** By allocation id, or in old calls by the address itself. */
function address(act: Act, field = 'publicIp'): Ref[] {
  const id = text(act.request, 'allocationId');
  if (id !== undefined) return ec2Ref(act, 'address', id);
  const ip = text(act.request, field);
  return ip === undefined ? [] : those(act, 'aws.ec2.address', (config) => valueAt(config, '/publicIp') === ip);
}

/** The interface shows the address that it gained or lost. */
function onInterfaces(act: Act, refs: readonly Ref[]): Effect[] {
  const ids = refs.flatMap((ref) =>
    [act.lookup.before(ref), act.lookup.after(ref)].map((config) => valueAt(config, '/networkInterfaceId')),
  );
  const named = [text(act.request, 'networkInterfaceId'), ...ids].filter((id) => typeof id === 'string');
  return implied(
    'the public address of an interface',
    [...new Set(named)].flatMap((id) => [
      ...set(ec2Ref(act, 'network-interface', id), '/association/**'),
      ...set(ec2Ref(act, 'network-interface', id), '/privateIpAddresses/**'),
    ]),
  );
}

function associate(act: Act): Effect[] {
  const id = text(act.response, 'associationId');
  const refs = address(act);
  const values = ASSOCIATED.flatMap((field) => set(refs, pointer(field), text(act.request, field)));
  return [...(id === undefined ? [] : set(refs, '/associationId', id)), ...values, ...onInterfaces(act, refs)];
}

function disassociate(act: Act): Effect[] {
  const found = partOf(act, text(act.request, 'associationId'));
  const refs = found === undefined ? address(act) : [found.ref];
  const addresses = refs.filter(({ kind }) => kind === 'aws.ec2.address');
  return [...['associationId', ...ASSOCIATED].flatMap((field) => unset(addresses, pointer(field))), ...onInterfaces(act, addresses)];
}

export const addresses: Topic = {
  kinds: ['aws.ec2.address', 'aws.ec2.network-interface'],
  rules: [
    ec2('AllocateAddress', (act) => created(act, ec2Ref(act, 'address', text(act.response, 'allocationId')))),
    // From another account, which tells its own id of it.
    ec2('AcceptAddressTransfer', (act) => created(act, address(act, 'address'))),
    // The other account accepts within a week, and says so in its own trail alone.
    ec2('EnableAddressTransfer', (act) => implied('an address goes to the account that it was offered to', remove(address(act)))),
    // Between EC2-Classic and VPCs, in old records.
    ec2('MoveAddressToVpc', (act) => created(act, ec2Ref(act, 'address', text(act.response, 'allocationId')))),
    ec2('RestoreAddressToClassic', (act) => remove(address(act))),
    ec2('ReleaseAddress', (act) => remove(address(act))),
    ec2('AssociateAddress', associate, (act) => {
      const id = text(act.response, 'associationId');
      const [ref] = address(act);
      return id === undefined || ref === undefined ? {} : { [id]: { ref, path: '/associationId', value: id } };
    }),
    ec2('DisassociateAddress', disassociate),
    ec2('ModifyAddressAttribute', (act) => set(address(act), '/ptrRecord', text(act.request, 'domainName'))),
    ec2('ResetAddressAttribute', (act) => set(address(act), '/ptrRecord')),
  ],
};
