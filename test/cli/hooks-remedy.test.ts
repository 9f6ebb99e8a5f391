import { expect, test } from 'vitest';
import { remedyFor } from '../../src/cli/hooks-remedy.ts';

test.each([
  ['hooks.slack.com answered 403: invalid_token', /token/],
  ['hooks.slack.com answered 404', /address/],
  ['example.com answered 302; redirects are not followed', /leads to/],
  ['localhost: ECONNREFUSED', /port/],
  ['10.0.0.1 is a private address and was refused; set allowPrivate if that is meant', /allowPrivate: true/],
  ['api.github.com answered something unexpected at items', /another product/],
  ['exit 2: no such option', /by hand/],
  ['whatever else', /drifttrail schema/],
])('%s', (detail, remedy) => {
  expect(remedyFor({ status: 'retry', detail })).toMatch(remedy);
});

test('what was delivered, or says itself what to do, needs none', () => {
  expect(remedyFor({ status: 'delivered', detail: 'answered 404' })).toBeUndefined();
  expect(remedyFor({ status: 'retry', detail: 'cannot start tell-me: ENOENT; install tell-me or put it on the PATH' })).toBeUndefined();
});
