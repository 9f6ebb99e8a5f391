import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { describeError } from '../../src/errors.ts';
import { loadRules, parseRules, ruleSet } from '../../src/rank/rules.ts';
import { verifyRules } from '../../src/rank/verify.ts';
import { folder } from '../folder.ts';

const RULE = `- id: stopped
  events: ["ec2:StopInstances"]
  when: text(event.request, "force") == "true"
  level: medium
  score: 45
  threat: availability
  reason: 'stopped {{ text(event.request, "id") }}'
  falsePositives: [tests]
  examples:
    true: [{ event: { name: StopInstances, request: { force: true, id: i-1 } } }]
    false: [{ event: { name: StopInstances, request: {} } }]
`;

function failure(text: string): string {
  try {
    parseRules(text, 'mine.yaml');
  } catch (error) {
    return describeError(error);
  }
  throw new Error('the rules were accepted');
}

test('a rule without both examples does not load', () => {
  expect(failure(RULE.replace(/ {4}false:.*\n/, ''))).toMatch(/^mine\.yaml:10:5: examples\.false: /);
  expect(failure(RULE.replace(/false: \[.*\]/, 'false: []'))).toMatch(/^mine\.yaml:\d+:\d+: examples\.false: Too small/);
});

test('mistakes are named by line and column, with the word that was meant', () => {
  expect(failure(RULE.replace('level:', 'levle:'))).toBe('mine.yaml:4:3: unknown key "levle"; did you mean "level"?');
  expect(failure(`${RULE}  tresholds: 1\n`)).toBe(
    'mine.yaml:12:3: unknown key "tresholds"; known: disabled, events, examples, falsePositives, id, kinds, level, reason, references, score, threat, title, when',
  );
  expect(failure(`${RULE}  titel: x\n`)).toBe('mine.yaml:12:3: unknown key "titel"; did you mean "title"?');
  expect(failure(RULE.replace('score: 45', 'score: 75'))).toBe('mine.yaml:5:10: score 75 is not medium; medium is 40 to 69');
  expect(failure(RULE.replace('text(event', 'txt(event'))).toMatch(/^mine\.yaml:3:\d+: when: .*did you mean "text"\?/);
  expect(failure('- id: [')).toMatch(/^mine\.yaml:\d+:\d+: /);
});

test('a condition that is no truth value does not load', () => {
  expect(failure(RULE.replace('text(event.request, "force") == "true"', 'text(event.request, "force")'))).toContain(
    'gives string where bool is wanted',
  );
});

test('a rule that disagrees with its example is reported, either way', () => {
  const wrong = RULE.replace('== "true"', '!= "true"');
  const messages = verifyRules(ruleSet(parseRules(wrong, 'mine.yaml'))).map(({ message }) => message);
  expect(messages).toEqual(['stopped: example true[0] does not match, and must', 'stopped: example false[0] matches, and must not']);
});

test("a user's rule replaces the shipped one of the same id, and can switch it off", async () => {
  const [shipped, mine] = [folder(), folder()];
  await writeFile(join(shipped, 'a.yaml'), RULE + RULE.replace('id: stopped', 'id: other'));
  await writeFile(
    join(mine, 'b.yaml'),
    RULE.replace('medium', 'high').replace('45', '80') + RULE.replace('id: stopped', 'id: other\n  disabled: true'),
  );
  const { rules } = await loadRules([shipped, mine, join(mine, 'absent')]);
  expect(rules.map(({ id, level }) => [id, level])).toEqual([['stopped', 'high']]);
});

test('one id twice in a folder is a mistake', async () => {
  const twice = folder();
  await writeFile(join(twice, 'a.yaml'), RULE);
  await writeFile(join(twice, 'b.yaml'), RULE);
  await expect(loadRules([twice])).rejects.toThrow(/defined twice/);
});

test('events are matched by service and name, whatever API version the name carries', () => {
  const set = ruleSet(parseRules(RULE, 'mine.yaml'));
  expect(set.forEvent('ec2.amazonaws.com', 'StopInstances')).toHaveLength(1);
  expect(set.forEvent('rds.amazonaws.com', 'StopInstances')).toHaveLength(0);
  expect(set.forEvent('ec2.amazonaws.com', 'StopInstancesNow')).toHaveLength(0);
});
