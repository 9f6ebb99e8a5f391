import { expect, test } from 'vitest';
import { cleanLines } from '../../src/report/clean.ts';
import { editText } from '../../src/report/words.ts';

test.each([
  ['/routes/0.0.0.0~10', { natGatewayId: 'nat-1' }, null, 'deleted route 0.0.0.0/0'],
  ['/tags/cost-center', null, '4200', 'added tag cost-center 4200'],
  ['/attachedPolicies/arn:aws:iam::aws:policy~1ReadOnly', null, 'ReadOnly', 'added attached policy arn:aws:iam::aws:policy/ReadOnly'],
  ['/enableDnsSupport', true, false, 'enableDnsSupport: true → false'],
  ['/table sales.orders/PUBLIC', null, ['SELECT'], 'added table sales.orders PUBLIC'],
  ['/systemd-timesync2s/shell', '/bin/sh', null, 'deleted systemd-timesync2s shell /bin/sh'],
  ['/tags/\u001b[31mx', null, 'y', 'added tag \\u{1b}[31mx y'],
])('the edit %s in words', (path, before, after, text) => expect(editText({ path, before, after })).toBe(text));

test.each([
  ['/servers/web/port', 80, 81, '/servers/web/port: 80 → 81'],
  ['/configuration/appSettings/add[@key="a~1b"]/@value', 'x', null, 'deleted /configuration/appSettings/add[@key="a/b"]/@value x'],
  ['', 'a', null, 'deleted'],
])('the edit %s of a file that was read as data is told by its path', (path, before, after, text) =>
  expect(editText({ path, before, after }, true)).toBe(text),
);

test('what is printed over several lines keeps them and nothing that steers a terminal', () => {
  expect(cleanLines('a\tb\n\u001b]0;x\u0007c\n')).toBe('a\tb\n\\u{1b}]0;x\\u{7}c\n');
});
