import { expect, test } from 'vitest';
import type { Change } from 'drifttrail';
import { restates } from '../../../exporters/host/restates.ts';

const metadata = (...paths: string[]): Change => ({
  type: 'modified',
  ref: { scope: 'hosts/web01', kind: 'host.file-metadata', id: 'etc' },
  path: '',
  edits: paths.map((path) => ({ path, before: 'a', after: 'b' })),
});
const told = (change: Change) => restates['host.file-metadata']?.(change).map(({ id }) => id);

test('of a file’s metadata what follows from its text is told with it; another mode or owner is news of its own', () => {
  expect(told(metadata('/etc~1motd/size', '/etc~1motd/sha256'))).toEqual(['etc/motd']);
  expect(told(metadata('/etc~1motd'))).toEqual(['etc/motd']);
  expect(told(metadata('/etc~1motd/sha256', '/etc~1motd/mode'))).toEqual([]);
  expect(told(metadata('/etc~1motd/owner'))).toEqual([]);
});
