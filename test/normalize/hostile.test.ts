import { describe, expect, it } from 'vitest';
import { createRedactor } from '../../src/normalize/redact.ts';

const redactor = createRedactor(Buffer.alloc(32, 1));

describe('redaction of hostile text', () => {
  // With each value looked at by itself, half a megabyte took most of a minute.
  it.each(['password=', 'token=$(', 'a.secret:=', '"password=', 'password=\\"'])(
    'takes a time that grows as the length of %s…',
    { timeout: 30_000 },
    (unit) => {
      const text = unit.repeat(500_000 / unit.length);
      expect(redactor.text(`${text}hunter2`)).not.toContain('hunter2');
    },
  );

  it('hides a value that ends later than the one around it', () => {
    expect(redactor.text('run --a password=x,secret="first-1 second-2" end')).not.toMatch(/first-1|second-2/);
    expect(redactor.text(`run --a password=${'x'.repeat(5000)}tail`)).not.toContain('tail');
  });
});
