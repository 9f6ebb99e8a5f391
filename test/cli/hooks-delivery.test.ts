import { execFile, execFileSync } from 'node:child_process';
import { appendFileSync, chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import type { Store } from '../../src/store/store.ts';
import { installHooks } from '../../src/cli/hooks-install.ts';
import { ARGV, cli, deployment, folder, write } from './run.ts';

/** A receiver of webhooks that keeps what it was sent. */
async function receiver(): Promise<{ readonly url: string; readonly received: { readonly type?: string }[] }> {
  const received: { readonly type?: string }[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => {
      body += text;
    });
    request.on('end', () => {
      received.push(JSON.parse(body) as { type?: string });
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  return { url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/`, received };
}

/** The hooks call `dist`, which a source tree does not have: a stand-in that calls the sources. */
function throughSources(hook: string): void {
  const bin = join(folder(), 'drifttrail.mjs');
  writeFileSync(
    bin,
    `import { spawnSync } from 'node:child_process';
process.exit(spawnSync(process.execPath, [...${JSON.stringify(ARGV)}, ...process.argv.slice(2)], { stdio: 'inherit' }).status ?? 1);\n`,
  );
  writeFileSync(hook, readFileSync(hook, 'utf8').replaceAll(/'[^']*\/src\/cli\/main\.js'/g, `'${bin}'`));
  chmodSync(hook, 0o755);
}

test('a push to the central repository tells the hooks, once, and a hook of its own is kept', async () => {
  const { dir, root } = await deployment({ 'etc/ssh/sshd_config': 'PermitRootLogin no\n' });
  const bare = join(folder(), 'central.git');
  execFileSync('git', ['init', '--quiet', '--bare', '--initial-branch=main', bare]);
  const { url, received } = await receiver();
  write(bare, { 'hooks/post-receive': `#!/bin/sh\ncat > '${join(bare, 'mine')}'\n` });
  chmodSync(join(bare, 'hooks/post-receive'), 0o755);
  expect((await cli(['--dir', dir, 'snapshot'])).code).toBe(0);

  const target = { dir, store: { dir: join(dir, 'snapshots') } as Store };
  expect(() => installHooks(target, root)).toThrow(expect.objectContaining({ code: 'hooks-server' }));
  const post = join(bare, 'hooks/post-receive');
  expect(installHooks(target, bare)).toEqual({ path: post, chained: `${post}.local`, changed: true });
  throughSources(post);

  // The change is committed and ranked before anybody is to be told of it, so that only the push tells.
  write(root, { 'etc/ssh/sshd_config': 'PermitRootLogin yes\n' });
  expect((await cli(['--dir', dir, 'snapshot'])).code).toBe(0);
  appendFileSync(join(dir, 'drifttrail.yaml'), `hooks:\n  - { use: webhook, url: "${url}", allowPrivate: true, from: info }\n`);
  // Not synchronously: the receiver of the message lives in this process.
  await promisify(execFile)('git', ['-C', join(dir, 'snapshots'), 'push', '--quiet', bare, 'main']);
  expect(readFileSync(join(bare, 'mine'), 'utf8')).toContain('refs/heads/main');
  expect(existsSync(join(bare, 'hooks/post-receive.local'))).toBe(true);
  expect(received).toHaveLength(1);
  expect(JSON.stringify(received[0])).toContain('etc/ssh/sshd_config');

  const again = await cli(['--dir', dir, 'notify', 'HEAD']);
  expect([again.code, again.stdout]).toEqual([0, '0 delivered, 0 waiting, 0 given up\n']);
  expect(received).toHaveLength(1);

  const tried = await cli(['--dir', dir, 'hooks', 'test', 'webhook']);
  expect([tried.code, tried.stdout]).toEqual([0, expect.stringMatching(/^webhook: delivered/)]);
  expect(received).toHaveLength(2);
}, 120_000);

test('git that is too old, and a deployment at work, are refused before anything is done', async () => {
  const { dir } = await deployment({ 'etc/motd': 'hello\n' });
  const bin = folder({
    git: `#!/bin/sh\nfor word in "$@"; do [ "$word" = version ] && echo git version 2.30.1 && exit; done\nexec ${execFileSync('sh', ['-c', 'command -v git'], { encoding: 'utf8' }).trim()} "$@"\n`,
  });
  chmodSync(join(bin, 'git'), 0o755);
  symlinkSync(process.execPath, join(bin, 'node'));
  const old = await cli(['--dir', dir, 'snapshot'], { env: { PATH: `${bin}:${process.env.PATH}` } });
  expect([old.code, old.stderr]).toEqual([
    1,
    'drifttrail: git version 2.30.1 is too old; install git 2.36 or newer and put it on the PATH\n',
  ]);
  mkdirSync(join(dir, 'state'), { recursive: true });
  const { acquireLock } = await import('../../src/store/lock.ts');
  const { realSurroundings } = await import('../../src/surroundings.ts');
  const lock = await acquireLock(join(dir, 'state'), realSurroundings());
  const busy = await cli(['--dir', dir, 'snapshot']);
  await lock.release();
  expect([busy.code, busy.stderr]).toEqual([75, expect.stringContaining(`process ${process.pid} `)]);
});
