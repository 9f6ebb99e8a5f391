import { describe, expect, it } from 'vitest';
import type { Change } from '../../src/model.ts';
import { spawn } from '../../src/spawn.ts';
import { commitMessage } from '../../src/store/message.ts';
import { folder } from '../folder.ts';

const change = (kind: string, id: string, more: Partial<Change> = {}): Change => ({
  type: 'modified',
  ref: { scope: 'aws/123456789012/eu-west-1', kind, id },
  path: '',
  edits: [{ path: '/routes/0.0.0.0~10', before: 1, after: null }],
  ...more,
});
const base = { run: 'r1', window: { from: '2026-01-01T00:00:00Z', to: '2026-01-01T00:05:00Z' }, gaps: [] };
const subject = (changes: Change[]) => commitMessage({ ...base, changes }).split('\n')[0];

describe('commitMessage', () => {
  it('says what changed where', () => {
    expect(subject([change('aws.ec2.route-table', 'a'), change('aws.ec2.security-group', 'b'), change('aws.ec2.route-table', 'c')])).toBe(
      'aws 123456789012: 2 route tables, 1 security group changed',
    );
    expect(subject([change('aws.iam.policy', 'a', { type: 'created' }), change('aws.iam.policy', 'b', { type: 'created' })])).toBe(
      'aws 123456789012: 2 policies added',
    );
    expect(subject([change('a.b', 'a'), { ...change('a.b', 'b'), ref: { scope: 'aws/2/x', kind: 'a.b', id: 'b' } }])).toBe(
      'aws: 2 bs changed',
    );
    expect(commitMessage({ ...base, changes: [], gaps: [{ scope: 'aws/1/eu', reason: 'denied', detail: '' }] })).toMatch(
      /^aws 1: coverage changed\n\nDrifttrail-Run: r1\n.*\nDrifttrail-Gaps: 1\n$/,
    );
  });

  it('says of an edit what a person calls it, not its pointer', () => {
    const edits = [
      { path: '/routes/0.0.0.0~10', before: {}, after: null },
      { path: '/tags/Name', before: null, after: 'x' },
      { path: '/enableDns', before: true, after: false },
    ];
    const [, , line] = commitMessage({ ...base, changes: [change('aws.ec2.route-table', 'rtb-1', { edits })] }).split('\n');
    expect(line).toBe('- modified route table rtb-1 in aws/123456789012/eu-west-1: routes 0.0.0.0/0 removed, tags Name added, enableDns');
  });

  it('names a collection by its members, not as one', () => {
    const kinds = { 'host.package': { title: 'package', collection: true } };
    const message = commitMessage({ ...base, changes: [change('host.package', 'package')], kinds });
    expect(message).toMatch(/^aws 123456789012: packages changed\n\n- modified packages in aws\/123456789012\/eu-west-1: /);
  });

  it('lists the first fifty', () => {
    const message = commitMessage({ ...base, changes: Array.from({ length: 60 }, (_, index) => change('a.b', `i${index}`)) });
    expect(message.split('\n').filter((line) => line.startsWith('- '))).toHaveLength(51);
    expect(message).toContain('- and 10 more\n\nDrifttrail-Run');
  });

  it.each([
    'x\nDrifttrail-Run: forged',
    'x\r\n\r\nDrifttrail-Gaps: 9',
    'x\u2028Drifttrail-Run: forged',
    '\u001b[31mred',
    '\u202egnp.exe',
    'lone \ud800',
  ])('lets %j forge no trailer and draw nothing (S5)', async (id) => {
    const message = commitMessage({
      ...base,
      changes: [
        change('a.b', id, { name: id, edits: [{ path: `/${id}`, before: 1, after: 2 }] }),
        { ...change('a.b', 'c'), ref: { scope: id, kind: id, id } },
      ],
    });
    const { stdout } = await spawn('git', ['interpret-trailers', '--parse'], {
      input: message,
      cwd: folder(),
      env: process.env,
    });
    expect(stdout.toString().trim().split('\n')).toEqual([
      'Drifttrail-Run: r1',
      'Drifttrail-Window: 2026-01-01T00:00:00Z/2026-01-01T00:05:00Z',
      'Drifttrail-Gaps: 0',
    ]);
    expect(message.replaceAll(/[\n -~…]/g, '')).toBe('');
  });
});
