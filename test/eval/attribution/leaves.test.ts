/** Leaves follow what was changed, not where an index happens to point. */
import { expect, test } from 'vitest';
import { diffJson } from '../../../src/diff/json.ts';
import type { Json } from '../../../src/model.ts';
import { changedLeaves, leavesOfEdit } from './leaves.ts';

test('a part that came is all its leaves, an empty one is a leaf itself', () => {
  expect(changedLeaves({ routes: {} }, { routes: { 'a/b': { target: 'igw-1', tags: {} } } })).toEqual([
    '/routes',
    '/routes/a~1b/target',
    '/routes/a~1b/tags',
  ]);
});

test('members of an array are told apart by value, not by index', () => {
  const [before, after]: [Json, Json] = [{ groups: ['b'] }, { groups: ['a', 'b'] }];
  const [edit] = diffJson(before, after);
  expect(edit?.path).toBe('/groups/0');
  expect(edit && leavesOfEdit(edit, { before, after })).toEqual(['/groups/="a"']);
});

test('one member in the place of another is both', () => {
  const [before, after]: [Json, Json] = [{ groups: ['a', 'c'] }, { groups: ['b', 'c'] }];
  const [edit] = diffJson(before, after);
  expect(edit && leavesOfEdit(edit, { before, after })).toEqual(['/groups/="a"', '/groups/="b"']);
});

test('deep inside an array the members that differ stand for the edit', () => {
  const policy = (action: string): Json => ({ policy: { Statement: [{ Action: action, Effect: 'Allow' }] } });
  const change = { before: policy('s3:Get'), after: policy('s3:*') };
  const [edit] = diffJson(change.before, change.after);
  expect(edit?.path).toBe('/policy/Statement/0/Action');
  expect(edit && leavesOfEdit(edit, change)).toEqual([
    '/policy/Statement/={"Action":"s3:Get","Effect":"Allow"}',
    '/policy/Statement/={"Action":"s3:*","Effect":"Allow"}',
  ]);
});
