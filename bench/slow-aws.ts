/** A stand-in for AWS that answers every call after so many milliseconds, as its own process: `node … slow-aws.ts 100 17` prints its port, then takes `calls` on stdin. */
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';

const [latency = 100, regionCount = 17] = process.argv.slice(2).map(Number);
const SUBNETS = 10;

const items = (count: number, item: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => `<item>${item(index)}</item>`).join('');
const hex = (index: number) => index.toString(16).padStart(17, '0');
const regions = items(regionCount, (index) => `<regionName>xx-test-${index + 1}</regionName><optInStatus>opted-in</optInStatus>`);
const subnets = items(
  SUBNETS,
  (index) =>
    `<subnetId>subnet-${hex(index)}</subnetId><vpcId>vpc-${hex(0)}</vpcId><cidrBlock>10.0.${index}.0/24</cidrBlock><availabilityZone>a</availabilityZone><state>available</state><tagSet><item><key>Name</key><value>private-${index}</value></item></tagSet>`,
);
/** Every list there is: a client takes the one of its call. */
const EC2_LISTS = `addressesSet customerGatewaySet dhcpOptionsSet egressOnlyInternetGatewaySet flowLogSet internetGatewaySet prefixListSet natGatewaySet networkAclSet networkInterfaceSet routeTableSet securityGroupInfo securityGroupRuleSet transitGatewayAttachments transitGatewayVpcAttachments transitGatewayPeeringAttachments transitGatewayConnectSet transitGatewayRouteTables transitGatewaySet vpcEndpointSet vpcPeeringConnectionSet vpcSet vpnConnectionSet vpnGatewaySet`;
const IAM_LISTS =
  'UserDetailList GroupDetailList RoleDetailList Policies AccountAliases InstanceProfiles VirtualMFADevices OpenIDConnectProviderList SAMLProviderList Roles Users SummaryMap';
const empty = (names: string) =>
  names
    .split(' ')
    .map((name) => `<${name}/>`)
    .join('');
const ec2 = `${empty(EC2_LISTS)}<subnetSet>${subnets}</subnetSet><regionInfo>${regions}</regionInfo>`;

let calls = 0;
const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    calls += 1;
    const asked = new URLSearchParams(Buffer.concat(chunks).toString('utf8'));
    const { status, body } = answer(asked, request.headers.authorization ?? '');
    setTimeout(() => response.writeHead(status, { 'content-type': 'text/xml' }).end(body), latency);
  });
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.stdout.write(`${typeof address === 'object' ? address?.port : ''}\n`);
});
createInterface({ input: process.stdin })
  .on('line', () => process.stdout.write(`${calls}\n`))
  .on('close', () => process.exit());

function answer(asked: URLSearchParams, authorization: string): { readonly status: number; readonly body: string } {
  const action = asked.get('Action') ?? '';
  const inside = (result: string) => ({
    status: 200,
    body: `<${action}Response><${action}Result>${result}</${action}Result></${action}Response>`,
  });
  // The key says whose call it is: an assumed role's is named for its account.
  const account = /Credential=ASIA(\d{12})/.exec(authorization)?.[1] ?? '100000000000';
  if (action === 'AssumeRole') {
    const own = /^arn:aws:iam::(\d{12}):/.exec(asked.get('RoleArn') ?? '')?.[1] ?? account;
    return inside(
      `<Credentials><AccessKeyId>ASIA${own}</AccessKeyId><SecretAccessKey>x</SecretAccessKey><SessionToken>x</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials>`,
    );
  }
  if (action === 'GetCallerIdentity')
    return inside(`<Account>${account}</Account><UserId>x</UserId><Arn>arn:aws:iam::${account}:role/drifttrail</Arn>`);
  if (action === 'GetAccountPasswordPolicy')
    return {
      status: 404,
      body: '<ErrorResponse><Error><Type>Sender</Type><Code>NoSuchEntity</Code><Message>none</Message></Error></ErrorResponse>',
    };
  if (authorization.includes('/iam/')) return inside(`${empty(IAM_LISTS)}<IsTruncated>false</IsTruncated>`);
  return { status: 200, body: `<${action}Response><requestId>x</requestId>${ec2}</${action}Response>` };
}
