import { describe, expect, it } from 'vitest';
import type { Answer, AwsRequest, Send, Service } from '../../../exporters/_aws/api.ts';
import { listAll } from '../../../exporters/_aws/paginate.ts';

const signal = new AbortController().signal;
const request = (service: Service = 'ec2'): AwsRequest => ({
  service,
  operation: 'Describe',
  input: { MaxResults: 5 },
  region: 'eu-west-1',
});

function scripted(...answers: Answer[]): { send: Send; inputs: unknown[] } {
  const inputs: unknown[] = [];
  const send: Send = async ({ input }) => {
    inputs.push(input);
    return answers[inputs.length - 1] ?? {};
  };
  return { send, inputs };
}

describe('listAll', () => {
  it('follows the tokens to the end and keeps the rest of the input', async () => {
    const { send, inputs } = scripted({ Vpcs: [{ VpcId: 'a' }], NextToken: '2' }, { Vpcs: [], NextToken: '3' }, { Vpcs: [{ VpcId: 'b' }] });
    expect(await listAll(send, request(), 'Vpcs', signal)).toEqual([{ vpcId: 'a' }, { vpcId: 'b' }]);
    expect(inputs).toEqual([{ MaxResults: 5 }, { MaxResults: 5, NextToken: '2' }, { MaxResults: 5, NextToken: '3' }]);
  });

  it('takes an empty token for the end, and IsTruncated false too', async () => {
    expect(await listAll(scripted({ Vpcs: [], NextToken: '' }).send, request(), 'Vpcs', signal)).toEqual([]);
    expect(await listAll(scripted({ Users: [], Marker: 'x', IsTruncated: false }).send, request('iam'), 'Users', signal)).toEqual([]);
  });

  it.each<[string, Service, Answer[], string]>([
    [
      'a token that comes twice',
      'ec2',
      [
        { Vpcs: [], NextToken: 'x' },
        { Vpcs: [], NextToken: 'x' },
      ],
      'truncated',
    ],
    ['a page that is announced and not named', 'iam', [{ Vpcs: [], IsTruncated: true }], 'truncated'],
    ['more routes than the answer may hold', 'ec2', [{ Vpcs: [], AdditionalRoutesAvailable: true }], 'truncated'],
    ['an answer without the list', 'ec2', [{}], 'invalid'],
    ['a later page without the list', 'ec2', [{ Vpcs: [], NextToken: 'x' }, {}], 'invalid'],
    ['a list of something else', 'ec2', [{ Vpcs: ['a'] }], 'invalid'],
  ])('refuses %s', async (_name, service, answers, reason) => {
    await expect(listAll(scripted(...answers).send, request(service), 'Vpcs', signal)).rejects.toMatchObject({
      name: 'AnswerError',
      reason,
    });
  });
});
