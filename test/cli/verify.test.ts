/** `verify` from the command line: what it says of the history and of a copy of a trail's bucket, and its exit codes. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { git } from '../store/repository.ts';
import { deliver, type Files, publicKeyList, sharedKey } from '../trails/delivered.ts';
import { cli, deployment } from './run.ts';

test('a history as it was written is sound; one that was set back is not', async () => {
  const { dir, root } = await deployment({ 'etc/motd': 'hello\n' });
  expect((await cli(['--dir', dir, 'snapshot'])).code).toBe(0);
  const sound = await cli(['--dir', dir, 'verify', '--json']);
  expect(sound.code, sound.stderr).toBe(0);
  expect(JSON.parse(sound.stdout)).toMatchObject({
    schemaVersion: 1,
    status: 'sound',
    problems: [],
    checked: { commits: 2, 'kept tips': 1 },
  });
  const tip = await git(join(dir, 'snapshots'), 'rev-parse', 'main');
  await git(join(dir, 'snapshots'), 'update-ref', 'refs/heads/main', 'main~1');
  writeFileSync(join(root, 'etc/motd'), 'changed\n');
  const found = await cli(['--dir', dir, 'verify']);
  expect(found.code).toBe(2);
  expect(found.stdout).toContain(`history-rewritten: ${tip.slice(0, 12)}: it was the tip at `);
  // A host's log is no trail that could be proven.
  expect(await cli(['--dir', dir, 'verify', '--trail'])).toMatchObject({ code: 3, stdout: expect.stringContaining('no configured trail') });
});

const HOUR = 3_600_000;

function save(dir: string, files: Files): void {
  for (const [key, { bytes }] of files) {
    mkdirSync(dirname(join(dir, key)), { recursive: true });
    writeFileSync(join(dir, key), bytes);
  }
}

test('a copy of a trail: sound but for its newest digest, and every change in it found', async () => {
  const { dir } = await deployment({ 'etc/motd': 'hello\n' });
  const from = Math.floor((Date.now() - 40 * HOUR) / HOUR) * HOUR;
  const { files, digests, logs } = deliver({ from, hours: 30 });
  save(join(dir, 'copy'), files);
  writeFileSync(join(dir, 'keys.json'), publicKeyList(sharedKey()));
  writeFileSync(
    join(dir, 'drifttrail.yaml'),
    `exporters:\n  - use: host\n    root: ${dir}\n    name: web01\ntrail:\n  - use: files\n    files: [copy]\n    publicKeys: keys.json\n`,
  );
  const verify = async () => {
    const { code, stdout, stderr } = await cli(['--dir', dir, 'verify', '--trail', '--json']);
    expect(stderr).toBe('');
    return { code, ...(JSON.parse(stdout) as { problems: { what: string; key: string }[]; notes: string[]; gaps: string[] }) };
  };
  const [newest = '', before = '', log = ''] = [digests.at(-1), digests.at(-2), logs[10]].map((key) => key?.slice('AWSLogs/'.length));
  expect(await verify()).toMatchObject({
    code: 0,
    problems: [],
    gaps: [],
    checked: { digests: 30 },
    notes: expect.arrayContaining([expect.stringContaining(`${newest} is the newest`)]),
  });
  // The last but one is proven by the signature in the last.
  const path = join(dir, 'copy', 'AWSLogs', before);
  writeFileSync(
    path,
    gzipSync(
      gunzipSync(files.get(`AWSLogs/${before}`)?.bytes ?? '')
        .toString('utf8')
        .replace('"awsAccountId"', '"a":1,"awsAccountId"'),
    ),
  );
  writeFileSync(join(dir, 'copy', 'AWSLogs', log), gzipSync('{"Records":[]}'));
  const { code, problems } = await verify();
  expect(code).toBe(2);
  expect(problems.map(({ what, key }) => `${what} ${key}`).sort()).toEqual(
    [`chain-broken ${before}`, `log-altered ${log}`, `signature-invalid ${before}`].sort(),
  );
  // A folder in place of a log is no answer of the network's.
  rmSync(join(dir, 'copy', 'AWSLogs', log));
  mkdirSync(join(dir, 'copy', 'AWSLogs', log));
  const replaced = await verify();
  expect(replaced.gaps).toEqual([]);
  expect(replaced.problems.map(({ what, key }) => `${what} ${key}`)).toContain(`log-missing ${log}`);
  rmSync(join(dir, 'keys.json'));
  expect((await verify()).gaps).toEqual([expect.stringMatching(/^files: there is no .*keys\.json; aws cloudtrail list-public-keys/)]);
  // What stands beside a file that is named was not named.
  writeFileSync(join(dir, 'keys.json'), publicKeyList(sharedKey()));
  writeFileSync(join(dir, 'events.json'), '{"Records":[]}');
  const config = readFileSync(join(dir, 'drifttrail.yaml'), 'utf8');
  writeFileSync(join(dir, 'drifttrail.yaml'), config.replace('[copy]', '[events.json]'));
  expect(await verify()).toMatchObject({ code: 3, problems: [], gaps: [expect.stringContaining('events.json holds no copy')] });
});
