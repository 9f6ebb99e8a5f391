/** A baseline of accepted differences hides what is as it was accepted, and nothing else. */
import { describe, expect, it } from 'vitest';
import host from '../../exporters/host/index.ts';
import { acceptedOf, withoutAccepted } from '../../src/compare/accepted.ts';
import { compareSides } from '../../src/compare/compare.ts';
import { comparisonHtml } from '../../src/compare/html.ts';
import { comparisonMarkdown } from '../../src/compare/markdown.ts';
import { renderComparison } from '../../src/compare/text.ts';
import { type Machine, machine, sideOf } from './fleet.ts';

const compare = (machines: readonly Machine[]) =>
  compareSides(
    machines.map((one) => sideOf(one)),
    { kinds: host.kinds },
  );
const fleet = (count = 3) => Array.from({ length: count }, (_, index) => machine(index + 1)) as [Machine, Machine, ...Machine[]];
const SSHD = 'etc/ssh/sshd_config';
const open = (one: Machine) => {
  one.files[SSHD] = (one.files[SSHD] ?? '').replace('PermitRootLogin no', 'PermitRootLogin yes');
};
const saved = () => {
  const machines = fleet();
  open(machines[1]);
  return acceptedOf(compare(machines), '2026-11-20T10:00:00.000Z');
};

describe('accepted differences', () => {
  it('are not told again, also where lines above them came', () => {
    const machines = fleet();
    open(machines[1]);
    for (const one of machines) one.files[SSHD] = `# ours\n${one.files[SSHD]}`;
    expect(withoutAccepted(compare(machines), saved())).toMatchObject({ differences: [], accepted: 1, settled: 0 });
  });

  it('are told when the value is another, or another side has it too', () => {
    const other = fleet();
    other[1].files[SSHD] = (other[1].files[SSHD] ?? '').replace('PermitRootLogin no', 'PermitRootLogin prohibit-password');
    expect(withoutAccepted(compare(other), saved())).toMatchObject({ differences: [{ id: SSHD }], accepted: 0, settled: 1 });
    const spread = fleet(5);
    for (const one of spread.slice(1, 3)) open(one);
    expect(withoutAccepted(compare(spread), saved()).differences).toHaveLength(1);
  });

  it('hold for a side that is new and like most', () => {
    const machines = fleet(4);
    open(machines[1]);
    expect(withoutAccepted(compare(machines), saved()).differences).toEqual([]);
    open(machines[3] as Machine);
    expect(withoutAccepted(compare(machines), saved()).differences).toHaveLength(1);
  });

  it('that are gone are counted', () => {
    const found = withoutAccepted(compare(fleet()), saved());
    expect([found.settled, renderComparison(found, { colour: false, width: 200, most: 9 })]).toEqual([
      1,
      expect.stringContaining('1 of the accepted differ no more or otherwise'),
    ]);
  });
});

describe('forms', () => {
  const hostile = fleet();
  hostile[1].files['etc/x|y<b>'] = '<script>alert(1)</script> | `@all`\n';
  const found = compare(hostile);

  it('Markdown has a row a group of sides, and no markup of the data', () => {
    const text = comparisonMarkdown(found, { 'host.file': 'file' });
    expect(text).toContain('## file etc/x\\|y&lt;b&gt;');
    const table = text.split('\n').filter((line) => line.startsWith('| '));
    expect(table).toHaveLength(4);
    for (const row of table) expect(row.match(/(?<!\\)\|/g), row).toHaveLength(4);
    expect(text).toContain('**web02**');
  });

  it('HTML marks who stands out, and runs nothing of the data', () => {
    const page = comparisonHtml(found, {});
    expect(page).toContain('<span class="high">web02</span>');
    expect(page).not.toContain('<script');
    expect(page).toContain('&#60;script');
  });
});
