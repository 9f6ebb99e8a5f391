import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import exporter from '../../../exporters/aws/index.ts';
import { awsKinds } from '../../../exporters/aws/kinds.ts';

const folder = (name: string) => new URL(`../../../exporters/aws/${name}/`, import.meta.url);
/** Parts that several types share. */
const SHARED = ['gateway-attachments.ts', 'security-group-rules.ts', 'principal.ts'];

describe('the registry', () => {
  it('has each type of the folders, and no other', async () => {
    const files = await Promise.all(
      ['ec2', 'iam'].map(async (service) =>
        (await readdir(folder(service)))
          .filter((name) => !SHARED.includes(name) && !name.endsWith('-undo.ts'))
          .map((name) => `${service}.${name.replace('.ts', '')}`),
      ),
    );
    expect(awsKinds.map(({ type }) => type).sort()).toEqual(files.flat().sort());
  });

  it('names the permissions that the README shows', async () => {
    const readme = await readFile(new URL('../../../exporters/aws/README.md', import.meta.url), 'utf8');
    const shown = [...readme.matchAll(/^ {8}"([a-z0-9]+:\w+)"/gm)].map(([, action]) => action);
    expect(shown).toEqual(exporter.permissions);
    expect(shown).toContain('ec2:DescribeRouteTables');
    expect(shown.filter((action) => !/:(Describe|Get|List|Search)/.test(action ?? ''))).toEqual([]);
  });
});

describe('options', () => {
  it('reads one account by the default chain in all enabled regions unless told', () => {
    expect(exporter.options.parse({})).toMatchObject({ accounts: [{}], regions: 'enabled', rate: 5 });
  });

  it.each([
    [{ regions: ['Ireland'] }],
    [{ accounts: [] }],
    [{ accounts: [{ roleArn: 'drifttrail' }] }],
    [{ accounts: [{ id: '12' }] }],
    [{ region: ['eu-west-1'] }],
  ])('refuses %j', (options) => {
    expect(exporter.options.safeParse(options).success).toBe(false);
  });

  it('asks the trail of the same accounts, or the recorded files, or none', () => {
    const trail = (options: object) => exporter.defaultTrail?.(exporter.options.parse(options));
    expect(trail({ accounts: [{ profile: 'prod' }], regions: ['eu-west-1'] })).toEqual({
      use: 'lookup-events',
      accounts: [{ profile: 'prod' }],
      regions: ['eu-west-1'],
    });
    expect(trail({ replay: 'calls', trailFiles: ['trail.jsonl'] })).toEqual({ use: 'files', files: ['trail.jsonl'] });
    expect(trail({ replay: 'calls' })).toBeUndefined();
  });
});
