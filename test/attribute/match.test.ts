import { expect, test } from 'vitest';
import { explain } from '../../src/attribute/explain.ts';
import type { Act } from '../../src/attribute/order.ts';
import { diffFiles } from '../../src/diff/documents.ts';
import type { AuditEvent, Change, Effect } from '../../src/model.ts';

test('who wrote a file explains every leaf of what it is read as', () => {
  const ref = { scope: 'hosts/a', kind: 'host.file', id: 'etc/app.json' };
  const [before, after] = ['{"a": {"b": 1}, "c": 2}', '{"a": {"b": 3}, "d": 4}'];
  const change: Change = { type: 'modified', ref, path: 'hosts/a/files/etc/app.json', before, after, ...diffFiles(ref.id, before, after) };
  const effect: Effect = { ref, op: 'set', path: '' };
  const event = { id: 'e1', time: '2026-11-20T10:00:00Z', actor: { name: 'alice' } } as AuditEvent;
  const act = { effect, event, at: Date.parse(event.time) } as Act;
  expect(change.edits.map((edit) => [edit.path, explain(edit, change, [act])?.grade])).toEqual([
    ['/a/b', 'leaf'],
    ['/c', 'leaf'],
    ['/d', 'leaf'],
  ]);
});
