/** Seeded CloudTrail log files as a trail's bucket has them: gzip, `{"Records":[…]}`, about 1.2 KB a record, 12 % of them writes. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { JsonObject } from '../src/model.ts';
import { createRandom, type Random } from './data.ts';

const PER_FILE = 5_000;
const ACCOUNT = '111122223333';
const REGIONS = ['eu-west-1', 'us-east-1', 'ap-southeast-2'] as const;
const START = Date.parse('2026-06-01T00:00:00Z');
/** All records fall into one day. Milliseconds. */
const SPAN = 86_400_000;

export const WINDOW = { from: '2026-06-01T00:00:00.000Z', to: '2026-06-02T00:00:00.000Z' };

interface Call {
  readonly source: string;
  readonly name: string;
  readonly readOnly: boolean;
  readonly request: (random: Random) => JsonObject | null;
  readonly response: (random: Random) => JsonObject | null;
}

const none = () => null;
const read = (source: string, name: string, request: Call['request'] = none): Call => ({
  source,
  name,
  readOnly: true,
  request,
  response: none,
});
const write = (source: string, name: string, request: Call['request'], response: Call['response'] = () => ({ _return: true })): Call => ({
  source,
  name,
  readOnly: false,
  request,
  response,
});
const hex = (random: Random, digits: number): string =>
  Array.from({ length: Math.ceil(digits / 6) }, () => random(0xffffff).toString(16).padStart(6, '0'))
    .join('')
    .slice(0, digits);
const uuid = (random: Random): string => [8, 4, 4, 4, 12].map((digits) => hex(random, digits)).join('-');
const group = (random: Random): string => `sg-0${String(random(4000)).padStart(16, '0')}`;

const READS: readonly Call[] = [
  read('ec2.amazonaws.com', 'DescribeInstances', (random) => ({
    instancesSet: { items: Array.from({ length: 3 }, () => ({ instanceId: `i-${hex(random, 17)}` })) },
    filterSet: {},
  })),
  read('ec2.amazonaws.com', 'DescribeSecurityGroups', (random) => ({
    securityGroupIdSet: { items: [{ groupId: group(random) }] },
    filterSet: {},
  })),
  read('iam.amazonaws.com', 'GetRole', (random) => ({ roleName: `service-${random(400)}` })),
  read('s3.amazonaws.com', 'GetBucketAcl', (random) => ({ bucketName: `data-${random(900)}`, Host: 's3.amazonaws.com', acl: '' })),
  read('kms.amazonaws.com', 'Decrypt', (random) => ({
    encryptionContext: { 'aws:ebs:id': `vol-${hex(random, 17)}` },
    encryptionAlgorithm: 'SYMMETRIC_DEFAULT',
  })),
];
const WRITES: readonly Call[] = [
  write(
    'ec2.amazonaws.com',
    'AuthorizeSecurityGroupIngress',
    (random) => ({
      groupId: group(random),
      ipPermissions: {
        items: [
          {
            ipProtocol: 'tcp',
            fromPort: 443,
            toPort: 443,
            groups: {},
            ipRanges: { items: [{ cidrIp: `10.${random(256)}.0.0/16` }] },
            ipv6Ranges: {},
            prefixListIds: {},
          },
        ],
      },
    }),
    (random) => ({
      requestId: uuid(random),
      _return: true,
      securityGroupRuleSet: {
        items: [
          {
            groupId: group(random),
            securityGroupRuleId: `sgr-${hex(random, 17)}`,
            isEgress: false,
            ipProtocol: 'tcp',
            fromPort: 443,
            toPort: 443,
          },
        ],
      },
    }),
  ),
  write('ec2.amazonaws.com', 'CreateTags', (random) => ({
    resourcesSet: { items: [{ resourceId: group(random) }] },
    tagSet: { items: [{ key: 'owner', value: `team-${random(50)}` }] },
  })),
  write('ec2.amazonaws.com', 'CreateNetworkInterface', (random) => ({
    subnetId: `subnet-${hex(random, 17)}`,
    groupSet: { items: [{ groupId: group(random) }] },
  })),
  write(
    'iam.amazonaws.com',
    'PutRolePolicy',
    (random) => ({
      roleName: `service-${random(400)}`,
      policyName: 'inline',
      policyDocument: JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Action: ['s3:GetObject'], Resource: `arn:aws:s3:::data-${random(900)}/*` }],
      }),
    }),
    none,
  ),
  write(
    'logs.amazonaws.com',
    'CreateLogStream',
    (random) => ({ logGroupName: `/aws/lambda/fn-${random(300)}`, logStreamName: `2026/06/01/[$LATEST]${hex(random, 32)}` }),
    none,
  ),
];

/** The folder's files; `count` records in all. The same seed gives the same bytes. */
export function writeRecords(folder: string, count: number, seed = 1): string[] {
  const random = createRandom(seed);
  const files: string[] = [];
  for (let first = 0; first < count; first += PER_FILE) {
    const region = REGIONS[files.length % REGIONS.length] ?? REGIONS[0];
    const records = Array.from({ length: Math.min(PER_FILE, count - first) }, (_, index) => recordOf(first + index, count, region, random));
    const path = join(folder, 'AWSLogs', ACCOUNT, 'CloudTrail', region, '2026', '06', '01');
    mkdirSync(path, { recursive: true });
    const name = join(path, `${ACCOUNT}_CloudTrail_${region}_20260601T0000Z_${hex(random, 16)}.json.gz`);
    writeFileSync(name, gzipSync(JSON.stringify({ Records: records })));
    files.push(name);
  }
  return files;
}

function recordOf(index: number, count: number, region: string, random: Random): JsonObject {
  const calls = random(100) < 12 ? WRITES : READS;
  const call = calls[random(calls.length)] as Call;
  const role = `service-${random(400)}`;
  const session = hex(random, 17);
  const time = new Date(START + Math.floor((index / count) * SPAN)).toISOString().replace(/\.\d+Z$/, 'Z');
  return {
    eventVersion: '1.11',
    userIdentity: {
      type: 'AssumedRole',
      principalId: `AROA${hex(random, 17).toUpperCase()}:i-${session}`,
      arn: `arn:aws:sts::${ACCOUNT}:assumed-role/${role}/i-${session}`,
      accountId: ACCOUNT,
      accessKeyId: `ASIA${hex(random, 16).toUpperCase()}`,
      sessionContext: {
        sessionIssuer: {
          type: 'Role',
          principalId: `AROA${hex(random, 17).toUpperCase()}`,
          arn: `arn:aws:iam::${ACCOUNT}:role/${role}`,
          accountId: ACCOUNT,
          userName: role,
        },
        attributes: { creationDate: time, mfaAuthenticated: 'false' },
        ec2RoleDelivery: '2.0',
      },
    },
    eventTime: time,
    eventSource: call.source,
    eventName: call.name,
    awsRegion: region,
    sourceIPAddress: `10.${random(256)}.${random(256)}.${random(256)}`,
    userAgent: 'aws-sdk-go-v2/1.32.6 ua/2.1 os/linux lang/go#1.23.3 md/GOOS#linux md/GOARCH#amd64 api/ec2#1.195.0',
    requestParameters: call.request(random),
    responseElements: call.response(random),
    requestID: uuid(random),
    eventID: uuid(random),
    readOnly: call.readOnly,
    eventType: 'AwsApiCall',
    managementEvent: true,
    recipientAccountId: ACCOUNT,
    eventCategory: 'Management',
    tlsDetails: {
      tlsVersion: 'TLSv1.3',
      cipherSuite: 'TLS_AES_128_GCM_SHA256',
      clientProvidedHostHeader: `${call.source.split('.')[0]}.${region}.amazonaws.com`,
    },
  };
}
