/** What happened on Wednesday afternoon and Thursday morning, call by call, with the time of each. */
import * as ec2 from '@aws-sdk/client-ec2';
import * as iam from '@aws-sdk/client-iam';
import type { Endpoint } from '../endpoint/endpoint.ts';
import { type Cast, REGION } from './cast.ts';
import type { Landscape } from './landscape.ts';

export interface Act {
  /** UTC. */
  readonly at: string;
  readonly call: () => Promise<unknown>;
  /** The call must fail, as it did then. */
  readonly fails?: boolean;
}

/** The experiment: a route into the lab network, and the wrong route deleted when cleaning up. */
export function wednesday(cast: Cast, land: Landscape): Act[] {
  const engineer = cast.engineer.ec2(REGION);
  const builder = cast.builder.ec2(REGION);
  const table = land.tables.privateA;
  return [
    {
      at: '2026-01-14T14:12:40Z',
      call: () =>
        engineer.send(
          new ec2.CreateRouteCommand({ RouteTableId: table, DestinationCidrBlock: '10.99.0.0/16', VpcPeeringConnectionId: land.peering }),
        ),
    },
    {
      at: '2026-01-14T14:13:05Z',
      call: () => engineer.send(new ec2.CreateTagsCommand({ Resources: [table], Tags: [{ Key: 'experiment', Value: 'lab-routing' }] })),
    },
    {
      at: '2026-01-14T14:20:18Z',
      call: () => builder.send(new ec2.CreateTagsCommand({ Resources: [land.privateA], Tags: [{ Key: 'last-build', Value: '4711' }] })),
    },
    {
      at: '2026-01-14T15:36:52Z',
      fails: true, // still associated with the subnet
      call: () => engineer.send(new ec2.DeleteRouteTableCommand({ RouteTableId: table })),
    },
    {
      at: '2026-01-14T15:37:29Z',
      call: () => engineer.send(new ec2.DeleteRouteCommand({ RouteTableId: table, DestinationCidrBlock: '0.0.0.0/0' })),
    },
    {
      at: '2026-01-14T15:37:29Z',
      call: () => builder.send(new ec2.CreateTagsCommand({ Resources: [land.privateA], Tags: [{ Key: 'last-build', Value: '4712' }] })),
    },
  ];
}

/** An open door for four minutes, administrator rights for a build role, and an ordinary Terraform run. */
export function thursday(cast: Cast, land: Landscape, endpoint: Endpoint): Act[] {
  const operator = cast.operator.ec2(REGION);
  const terraform = cast.terraform.ec2(REGION);
  const world = { GroupId: land.groups.bastion, IpProtocol: 'tcp', FromPort: 22, ToPort: 22, CidrIp: '0.0.0.0/0' };
  return [
    { at: '2026-01-14T18:12:07Z', call: () => operator.send(new ec2.AuthorizeSecurityGroupIngressCommand(world)) },
    { at: '2026-01-14T18:16:10Z', call: () => operator.send(new ec2.RevokeSecurityGroupIngressCommand(world)) },
    {
      at: '2026-01-15T06:05:31Z',
      fails: true,
      call: async () => {
        const end = endpoint.fault({ fault: 'denied', action: 'AttachRolePolicy', times: 1 });
        const arn = 'arn:aws:iam::aws:policy/AmazonS3FullAccess';
        await cast.builder.iam.send(new iam.AttachRolePolicyCommand({ RoleName: 'ci-runner', PolicyArn: arn })).finally(end);
      },
    },
    {
      at: '2026-01-15T06:48:55Z',
      call: () =>
        cast.lead.iam.send(
          new iam.AttachRolePolicyCommand({ RoleName: 'ci-runner', PolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' }),
        ),
    },
    {
      at: '2026-01-15T07:10:22Z',
      call: () =>
        terraform.send(
          new ec2.AuthorizeSecurityGroupIngressCommand({
            GroupId: land.groups.web,
            IpPermissions: [
              { IpProtocol: 'tcp', FromPort: 8443, ToPort: 8443, IpRanges: [{ CidrIp: '10.20.0.0/16', Description: 'health checks' }] },
            ],
          }),
        ),
    },
    {
      at: '2026-01-15T07:10:22Z',
      call: () =>
        terraform.send(
          new ec2.CreateNetworkAclEntryCommand({
            NetworkAclId: land.acl,
            RuleNumber: 110,
            Protocol: '6',
            RuleAction: 'allow',
            Egress: true,
            CidrBlock: '10.99.0.0/16',
            PortRange: { From: 443, To: 443 },
          }),
        ),
    },
    {
      at: '2026-01-15T07:10:23Z',
      call: () =>
        terraform.send(new ec2.CreateTagsCommand({ Resources: [...land.subnets], Tags: [{ Key: 'cost-center', Value: '4200' }] })),
    },
    {
      at: '2026-01-15T07:10:24Z',
      call: () => cast.terraform.iam.send(new iam.TagRoleCommand({ RoleName: 'terraform', Tags: [{ Key: 'cost-center', Value: '4200' }] })),
    },
  ];
}
