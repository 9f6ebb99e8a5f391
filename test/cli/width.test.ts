import { expect, it } from 'vitest';
import { examples } from '../../src/cli/help.ts';
import { lineOf } from '../../src/cli/log-line.ts';
import { widthOf } from '../../src/report/width.ts';
import { findingOf } from '../notify/findings.ts';
import { cli } from './run.ts';

const commit = { sha: 'c'.repeat(40), date: '2026-01-14T15:05:00.000Z', subject: 'x' } as Parameters<typeof lineOf>[0]['commit'];

it.each([80, 120])('a line of the log fits %i columns and names who it was', (width) => {
  for (const subject of ['short', 'aws 123456789012: 2 route tables, 1 security group changed '.repeat(4), '路由表'.repeat(60)]) {
    const line = lineOf({ commit: { ...commit, subject }, findings: [findingOf()] }, width);
    expect(widthOf(line)).toBeLessThanOrEqual(width);
    expect(line).toContain('by alice');
    expect(line).toMatch(/^2026-01-14T15:05Z {2}cccccccccc {2}high {6}\S/);
  }
});

it('a line that no screen shows stays whole', () => {
  const subject = 'long '.repeat(100).trim();
  expect(lineOf({ commit: { ...commit, subject }, findings: [findingOf()] }, undefined)).toContain(`${subject}  by alice`);
});

it('examples that are too wide with what they do get a line for each', () => {
  expect(examples(['drifttrail log', 'all'])).toBe('Examples:\n  drifttrail log  # all\n');
  expect(examples(['drifttrail log', 'all'], [`drifttrail log ${'x'.repeat(50)}`, 'some of it'])).toBe(
    `Examples:\n  # all\n  drifttrail log\n  # some of it\n  drifttrail log ${'x'.repeat(50)}\n`,
  );
});

it.each(['ack', 'bundle', 'compare', 'timeline', 'hooks'])('the help of %s fits 80 columns', async (command) => {
  const { stdout } = await cli(['help', command]);
  for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
});
