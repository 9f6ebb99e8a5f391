import { expect, test } from 'vitest';
import { z } from 'zod';
import { parseYaml } from '../../src/config/config.ts';
import { ownOptions } from '../../src/config/own-options.ts';
import { secret } from '../../src/config/secrets.ts';

const SCHEMA = z.strictObject({
  url: z.url({ protocol: /^https?$/ }).meta({ secret: true }),
  key: z
    .string()
    .regex(/^[a-z0-9]{32}$/)
    .meta({ secret: true })
    .optional(),
  from: z.email().optional(),
  tokens: z.array(secret()).default([]),
  size: z.int().default(3),
});

function own(yaml: string, env: Record<string, string> = {}) {
  const source = parseYaml(yaml, '/ops/drifttrail.yaml');
  return ownOptions(source.document.toJS() as Record<string, unknown>, SCHEMA, source, [], { env, dir: '/ops', others: [] });
}

test('secrets that are not there are told when the options are wanted, each kind of form until then stood in for', () => {
  const { options, unset, shape } = own('url: env:URL\nkey: env:KEY\nfrom: env:FROM\ntokens: [env:ONE, file:nowhere]\n');
  expect(unset).toMatchObject({ code: 'secret-missing', position: { line: 1, column: 6 } });
  expect(options).toThrow('the environment variable URL is not set');
  expect(shape).toMatchObject({ size: 3, tokens: [expect.any(String), expect.any(String)] });
});

test('with all of them the options are what they say', () => {
  const { options, unset } = own('url: env:URL\ntokens: [env:ONE]\n', { URL: 'https://a.example/', ONE: 'x' });
  expect([options(), unset]).toEqual([{ url: 'https://a.example/', tokens: ['x'], size: 3 }, undefined]);
});

test('what is wrong besides is told at once', () => {
  expect(() => own('url: env:URL\nsize: big\n')).toThrow(
    expect.objectContaining({ code: 'config-invalid', position: expect.objectContaining({ line: 2 }) }),
  );
  expect(() => own('url: env:URL\nkey: plain\n')).toThrow(expect.objectContaining({ code: 'secret-in-config' }));
});

test('a form that nothing can stand in for is told at once, too', () => {
  expect(() => own('url: env:URL\nsize: env:SIZE\n')).toThrow('the environment variable SIZE is not set');
});
