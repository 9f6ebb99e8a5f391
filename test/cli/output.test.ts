/** Where the output goes may fail too: that is said in one line, unlike a reader who has seen enough. */
import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { ARGV, cli, deployment } from './run.ts';

const sh = (script: string) => spawnSync('sh', ['-c', script, process.execPath, ...ARGV], { encoding: 'utf8' });

test.skipIf(process.platform !== 'linux')('a full disk is an error, a closed pipe is none', async () => {
  const { dir } = await deployment({ 'etc/motd': 'hello' });
  for (const format of ['text', 'json', 'html']) {
    const { status, stderr } = sh(`"$0" "$@" report --dir '${dir}' --format ${format} >/dev/full`);
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr:
        'drifttrail: the output cannot be written: the disk is full (ENOSPC); what was written so far is not whole; make room, or write elsewhere\n',
    });
  }
  expect(sh(`"$0" "$@" schema | true`)).toMatchObject({ status: 0, stderr: '' });
});

test('what has expired is not listed', async () => {
  const { dir } = await deployment({ 'etc/motd': 'hello' });
  expect(await cli(['ack', '--json', '--dir', dir])).toMatchObject({ code: 0, stdout: expect.stringContaining('"acks": []') });
});
