import { expect, test } from 'vitest';
import { z } from 'zod';
import { parseYaml } from '../../src/config/config.ts';
import { resolveSecrets, secret } from '../../src/config/secrets.ts';
import { folder } from '../folder.ts';

const SCHEMA = z.strictObject({
  url: secret(),
  channel: z.string().optional(),
  auth: z.strictObject({ token: secret() }).optional(),
  keys: z.array(secret()).optional(),
});

function resolve(yaml: string, env: Record<string, string> = {}, files: Record<string, string> = {}) {
  const source = parseYaml(yaml, '/ops/drifttrail.yaml');
  return resolveSecrets(source.document.toJS() as Record<string, unknown>, SCHEMA, source, [], { env, dir: folder(files) });
}

const refusal = (code: string, line: number, column: number) =>
  expect.objectContaining({ code, position: { file: '/ops/drifttrail.yaml', line, column } });

test('env: and file: stand for what they name, wherever they stand; other text is left alone', () => {
  expect(
    resolve(
      'url: env:URL\nchannel: "#ops"\nauth: { token: file:tokens/slack }\nkeys: [env:URL]\n',
      { URL: 'https://x' },
      { 'tokens/slack': 's3cret\n' },
    ),
  ).toEqual({ url: 'https://x', channel: '#ops', auth: { token: 's3cret' }, keys: ['https://x'] });
});

test.each([
  ['at the top', 'url: https://hooks.example.com/T0/B0\n', 1, 6],
  ['deeper', 'url: env:URL\nauth:\n  token: abc\n', 3, 10],
  ['in a list', 'url: env:URL\nkeys:\n  - abc\n', 3, 5],
])('a plain secret %s is refused, and never repeated in the error', (_, yaml, line, column) => {
  expect(() => resolve(yaml, { URL: 'https://x' })).toThrow(refusal('secret-in-config', line, column));
  expect(() => resolve(yaml, { URL: 'https://x' })).not.toThrow(/abc|hooks\.example/);
});

test('a variable that is not set, or empty, is named with where it is asked for', () => {
  expect(() => resolve('url: env:SLACK_URL\n')).toThrow(refusal('secret-missing', 1, 6));
  expect(() => resolve('url: env:SLACK_URL\n')).toThrow('SLACK_URL is not set');
  expect(() => resolve('url: env:SLACK_URL\n', { SLACK_URL: '' })).toThrow(refusal('secret-missing', 1, 6));
});

test('a secret file that is missing is named with its place', () => {
  expect(() => resolve('url: file:nowhere\n')).toThrow(refusal('secret-missing', 1, 6));
  expect(() => resolve('url: file:nowhere\n')).toThrow('nowhere: ENOENT');
});
