import { expect, it } from 'vitest';
import { createRedactor } from '../../src/normalize/redact.ts';
import { plant, randomOf } from './planted.ts';
import { clean, MORE_VARIANTS, VARIANTS } from './variants.ts';

const redactor = createRedactor(Buffer.alloc(32, 7));

/** Also what base64 in the text says, wrapped or not, and base64 in that. */
function readable(text: string, depth = 2): string {
  const joined = text.replaceAll(/(?<=[A-Za-z0-9+/]{60})\n(?=[A-Za-z0-9+/])/g, '');
  const inner = [...joined.matchAll(/[A-Za-z0-9+/]{24,}={0,2}/g)].map(([found]) => Buffer.from(found, 'base64').toString());
  return [text, ...inner.map((one) => (depth > 0 ? readable(one, depth - 1) : one))].join('\n');
}

it('hides at least 95 % of what strangers write, wherever it stands (S4)', () => {
  const forms = { ...VARIANTS, ...MORE_VARIANTS };
  expect(Object.keys(forms).length).toBeGreaterThanOrEqual(120);
  const all = [100, 101, 102, 103, 104].flatMap((seed) => plant(forms, seed));
  const missed = all.filter(({ text, hint, secrets }) => {
    const after = readable(redactor.text(text, hint));
    return secrets.some((secret) => secret.length > 5 && after.includes(secret));
  });
  expect(missed.length / all.length, [...new Set(missed.map(({ name }) => name))].join(', ')).toBeLessThanOrEqual(0.05);
});

it('touches at most 0.5 % of what only looks like it (S4)', () => {
  const all = Array.from({ length: 50 }, (_, seed) => clean(randomOf(seed))).flat();
  const touched = all.filter((value) => redactor.text(value) !== value);
  expect(touched.length / all.length, touched.slice(0, 5).join('\n')).toBeLessThanOrEqual(0.005);
});

it('leaves a program that handles secrets as it is', () => {
  const code = `def login(token):\n    if not token:\n        return None\n    password = \\\n        self.read_password()\n    for token in tokens:\n        tokens.pop(0)\n`;
  expect(redactor.text(code)).toBe(code);
});
