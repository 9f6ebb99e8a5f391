/** Names of files in records and command lines. */
import { expect, test } from 'vitest';
import { namedIn } from '../../../../exporters/host/events/commands.ts';
import { relative } from '../../../../exporters/host/events/paths.ts';

test.each([
  ['/etc/a', '/', '/', 'etc/a'],
  ['a', '/etc', '/', 'etc/a'],
  ['../b//./c', '/etc/x', '/', 'etc/b/c'],
  ['../../../../etc/a', '/x', '/', 'etc/a'],
  ['/srv/image/etc/a', '/', '/srv/image', 'etc/a'],
  ['/srv/imagery/etc/a', '/', '/srv/image', undefined],
  ['/srv/image/../etc/a', '/', '/srv/image', undefined],
])('%s in %s under %s', (name, cwd, root, expected) => {
  expect(relative(name, cwd, root)).toBe(expected);
});

test.each([
  ['/usr/bin/vi /etc/app.conf', '/', ['etc/app.conf']],
  ['/usr/bin/vi app.conf', '/etc', ['etc/app.conf']],
  ["/bin/sh -c 'echo b >/etc/app.conf; dd of=/etc/b'", '/root', ['root/echo', 'root/b', 'etc/app.conf', 'root/dd', 'root/of', 'etc/b']],
  ['/usr/bin/id -a', '/', []],
])('%s', (command, cwd, names) => {
  expect(namedIn(command, cwd, '/')).toEqual(names);
});
