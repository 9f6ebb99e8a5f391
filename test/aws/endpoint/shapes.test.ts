import { expect, test } from 'vitest';
import { createRandom } from '../random.ts';
import { createLookup } from './lookup.ts';
import { cutPage } from './pages.ts';
import { parseQuery } from './query.ts';
import { ec2Request, ec2Response } from './shapes/ec2.ts';
import { wrappedRequest } from './shapes/ec2-wrapped.ts';
import { iamResponse } from './shapes/iam.ts';
import { parseXml } from './xml.ts';

test('the flat and the nested form of a security-group rule are recorded as CloudTrail has them', () => {
  const flat = parseQuery(
    'Action=AuthorizeSecurityGroupIngress&Version=1&GroupId=sg-1&IpProtocol=tcp&FromPort=22&ToPort=22&CidrIp=0.0.0.0/0',
  );
  expect(ec2Request(flat.action, flat.parameters)).toEqual({
    groupId: 'sg-1',
    ipPermissions: {},
    ipProtocol: 'tcp',
    fromPort: 22,
    toPort: 22,
    cidrIp: '0.0.0.0/0',
  });
  const nested = parseQuery(
    'Action=RevokeSecurityGroupEgress&GroupId=sg-1&IpPermissions.1.IpProtocol=-1&IpPermissions.1.IpRanges.1.CidrIp=0.0.0.0/0',
  );
  expect(ec2Request(nested.action, nested.parameters).ipPermissions).toEqual({
    items: [{ ipProtocol: '-1', groups: {}, ipv6Ranges: {}, prefixListIds: {}, ipRanges: { items: [{ cidrIp: '0.0.0.0/0' }] } }],
  });
});

test('newer actions are wrapped: one element is an object, several are an array, each with its ordinal', () => {
  const { action, parameters } = parseQuery('Action=DeleteFlowLogs&FlowLogId.1=fl-1&FlowLogId.2=fl-2&DryRun=false');
  expect(wrappedRequest(action, parameters)).toEqual({
    DeleteFlowLogsRequest: {
      FlowLogId: [
        { content: 'fl-1', tag: 1 },
        { content: 'fl-2', tag: 2 },
      ],
      DryRun: false,
    },
  });
});

test('answers: items, success, spelled-out dates, and no secret', () => {
  expect(ec2Response(parseXml('<R><requestId>q</requestId></R>'))).toEqual({ requestId: 'q', _return: true });
  expect(ec2Response(parseXml('<R><tagSet><item><key>a&amp;b</key><value>true</value></item></tagSet></R>'))).toEqual({
    tagSet: { items: [{ key: 'a&b', value: 'true' }] },
  });
  const key =
    '<R><CreateAccessKeyResult><AccessKey><SecretAccessKey>s</SecretAccessKey><CreateDate>2023-07-10T12:06:32Z</CreateDate></AccessKey></CreateAccessKeyResult></R>';
  expect(iamResponse(parseXml(key))).toEqual({ accessKey: { createDate: 'Jul 10, 2023 12:06:32 PM' } });
});

test('pages hold every item once and end', () => {
  const body = '<R><vpcSet><item><id>1</id></item><item><id>2</id></item><item><id>3</id></item></vpcSet></R>';
  expect(cutPage(body, { service: 'ec2', offset: 0, size: 2 })).toBe(
    '<R><vpcSet><item><id>1</id></item><item><id>2</id></item></vpcSet><nextToken>page-2</nextToken></R>',
  );
  expect(cutPage(body, { service: 'ec2', offset: 2, size: 2 })).toBe('<R><vpcSet><item><id>3</id></item></vpcSet></R>');
});

test('LookupEvents: two a second, newest first, one attribute, pages that fit together', () => {
  let time = 0;
  const lookup = createLookup(
    {},
    () => 1e12,
    () => time,
    createRandom(1),
  );
  for (let second = 0; second < 60; second += 1) {
    const eventTime = new Date(1e12 - 3_600_000 + second * 1000).toISOString();
    lookup.add('1', 'r', { eventID: String(second), eventTime, readOnly: false, userIdentity: {} });
  }
  const first = lookup.answer('1', 'r', {}).body;
  const second = lookup.answer('1', 'r', { NextToken: first.NextToken ?? '' }).body;
  const ids = [first, second].flatMap((body) => (body.Events as { EventId: string }[]).map((event) => event.EventId));
  expect(ids).toEqual(Array.from({ length: 60 }, (_, index) => String(59 - index)));
  expect(lookup.answer('1', 'r', {}).body.__type).toBe('ThrottlingException');
  time += 1000;
  const two = [
    { AttributeKey: 'EventName', AttributeValue: 'a' },
    { AttributeKey: 'ReadOnly', AttributeValue: 'false' },
  ];
  expect(lookup.answer('1', 'r', { LookupAttributes: two }).body.__type).toBe('InvalidLookupAttributesException');
});
