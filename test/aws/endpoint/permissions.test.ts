/** Several permissions of one call reach the emulator one by one and come back as one answer. */
import { expect, test } from 'vitest';
import { inParts, partsOf } from './permissions.ts';

const body =
  'Action=AuthorizeSecurityGroupIngress&GroupId=sg-1&IpPermissions.1.IpProtocol=tcp&IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0%2F8&IpPermissions.2.IpProtocol=udp';
const answer = (id: string) => ({
  status: 200,
  body: `<R><return>true</return><securityGroupRuleSet><item>${id}</item></securityGroupRuleSet></R>`,
});

test('one body for each permission, each with what they have in common', () => {
  expect(partsOf('AuthorizeSecurityGroupIngress', body)).toEqual([
    'Action=AuthorizeSecurityGroupIngress&GroupId=sg-1&IpPermissions.1.IpProtocol=tcp&IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0%2F8',
    'Action=AuthorizeSecurityGroupIngress&GroupId=sg-1&IpPermissions.1.IpProtocol=udp',
  ]);
  expect(partsOf('RevokeSecurityGroupIngress', body)).toEqual([body]);
});

test('the answers’ rules stand together in the last answer', async () => {
  const ids = ['sgr-1', 'sgr-2'];
  const merged = await inParts(['a', 'b'], async () => answer(ids.shift() ?? ''));
  expect(merged.body).toBe('<R><return>true</return><securityGroupRuleSet><item>sgr-1</item><item>sgr-2</item></securityGroupRuleSet></R>');
});

test('a refusal ends it', async () => {
  const asked: string[] = [];
  const refused = { status: 400, body: '<Error/>' };
  expect(
    await inParts(['a', 'b', 'c'], async (part) => {
      asked.push(part);
      return part === 'b' ? refused : answer(part);
    }),
  ).toBe(refused);
  expect(asked).toEqual(['a', 'b']);
});
