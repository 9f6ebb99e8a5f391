import { describe, expect, test } from 'vitest';
import { settings } from '../../src/rank/settings.ts';

const said = (request: unknown) =>
  settings(request).map(({ name, value, state }) => `${name}=${value}${state === '' ? '' : ` (${state})`}`);

describe('settings', () => {
  test.each<[string, unknown, readonly string[]]>([
    ['members, however deep', { domainEndpointOptions: { enforceHTTPS: false } }, ['domainendpointoptions.enforcehttps=false (off)']],
    [
      'pairs of a key and a value',
      { attributes: [{ key: 'deletion_protection.enabled', value: 'false' }] },
      ['attributes.deletion_protection.enabled=false (off)'],
    ],
    [
      'parameters of a database',
      { parameters: [{ parameterName: 'rds.force_ssl', parameterValue: '0', applyMethod: 'immediate' }] },
      ['parameters.rds.force_ssl=0'],
    ],
    ['one attribute of a topic', { topicArn: 't', attributeName: 'KmsMasterKeyId', attributeValue: '' }, ['kmsmasterkeyid=']],
    [
      'a patch',
      { patchOperations: [{ op: 'replace', path: '/authorizationType', value: 'NONE' }] },
      ['patchoperations.authorizationtype=NONE (off)'],
    ],
    ['a lone value of EC2', { sourceDestCheck: { value: false } }, ['sourcedestcheck=false (off)']],
    ['JSON within text', { policy: '[{"AllowFromPublic":true}]' }, ['policy.allowfrompublic=true (on)']],
    ['text that only begins like JSON', { content: '{cut off' }, ['content={cut off']],
    [
      'settings of a cluster',
      { settings: [{ name: 'containerInsights', value: 'disabled' }] },
      ['settings.containerinsights=disabled (off)'],
    ],
    ['words for yes and no', { a: 'ENABLED', b: 'INACTIVE', c: 1 }, ['a=ENABLED (on)', 'b=INACTIVE (off)', 'c=1']],
    ['nothing', null, []],
  ])('%s', (_what, request, expected) => {
    expect(said(request)).toEqual(expected);
  });

  test('ends on a request that is nested without end', () => {
    let nested = '"on"';
    for (let depth = 0; depth < 30; depth++) nested = JSON.stringify({ a: JSON.parse(nested) as unknown });
    expect(said(JSON.parse(nested))).toEqual([]);
  });
});
