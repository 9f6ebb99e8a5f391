/** What etckeeper keeps beside the bytes of a real /etc, line by line, beside what the host exporter keeps of the same copy. */
import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import type { Json } from '../../../src/model.ts';
import { isObject } from '../../../src/pointer.ts';
import { document, makeRoot, snapshot } from './help.ts';

/** The package unpacked (scripts/integration.mjs): installed, it would make a repository of this machine's own /etc. */
const UNPACKED = fileURLToPath(new URL('../../../node_modules/.cache/etckeeper', import.meta.url));
const [command, conf] = existsSync(UNPACKED)
  ? [join(UNPACKED, 'usr/bin/etckeeper'), join(UNPACKED, 'etc/etckeeper')]
  : ['/usr/bin/etckeeper', '/etc/etckeeper'];

/** A copy of this machine's /etc, with what may be missing there. */
function copyOfEtc(): string {
  const root = makeRoot();
  const etc = join(root, 'etc');
  mkdirSync(etc);
  execFileSync('sh', ['-c', 'tar -C /etc --exclude=./.git -cf - . | tar -C "$0" -xpf -', etc], { timeout: 20_000 });
  for (const own of ['.etckeeper', '.gitignore']) rmSync(join(etc, own), { recursive: true, force: true });
  mkdirSync(join(etc, "empty it's"), { mode: 0o700 });
  mkdirSync(join(etc, 'deep/er/est'), { recursive: true });
  writeFileSync(join(etc, 'tool'), '#!/bin/sh\n', { mode: 0o755 });
  chmodSync(join(etc, 'tool'), 0o4755);
  writeFileSync(join(etc, 'of-another'), 'x\n', { mode: 0o640 });
  chownSync(join(etc, 'of-another'), 1, 60);
  symlinkSync('nowhere/at all', join(etc, 'dangling'));
  return root;
}

it('every line that etckeeper stores about owners, modes, empty folders and links is in ours', { timeout: 60_000 }, async () => {
  const root = copyOfEtc();
  const etc = join(root, 'etc');
  const person = { GIT_AUTHOR_NAME: 'a', GIT_AUTHOR_EMAIL: 'a@b.invalid', GIT_COMMITTER_NAME: 'a', GIT_COMMITTER_EMAIL: 'a@b.invalid' };
  // Its hooks call it by name.
  const PATH = `${dirname(command)}:${process.env.PATH}`;
  const env = { ...process.env, ...person, PATH, ETCKEEPER_CONF_DIR: conf, HOME: root, GIT_CONFIG_GLOBAL: '/dev/null', LC_ALL: 'C.UTF-8' };
  const run = (...args: string[]) => execFileSync(command, args, { env, cwd: etc, stdio: ['ignore', 'pipe', 'pipe'], timeout: 30_000 });
  run('init', '-d', etc);
  run('commit', '-d', etc, 'as it is');
  const stored = readFileSync(join(etc, '.etckeeper'), 'utf8').split('\n');
  const links = execFileSync('git', ['ls-files', '-s', '-z'], { cwd: etc, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 })
    .split('\0')
    .filter((line) => line.startsWith('120000 '));
  const found = await snapshot({ root, files: ['etc'] });
  const ours = document(found, 'host.file-metadata');
  const entry = (path: string): Readonly<Record<string, Json | undefined>> => {
    const own = ours[path === '.' ? 'etc' : `etc/${path.replace(/^\.\//, '')}`];
    return isObject(own) ? own : {};
  };
  const counts = { chmod: 0, chown: 0, chgrp: 0, mkdir: 0, links: 0 };
  const missing: string[] = [];
  const account = (what: keyof typeof counts, line: string, holds: boolean) => {
    counts[what]++;
    if (!holds) missing.push(line);
  };
  for (const line of stored) {
    const words = /^(?:maybe (chmod|chown|chgrp) (\S+) |(mkdir) -p )'(.*)'$/.exec(line);
    if (words === null) continue;
    const [, what, value = '', folder, quoted = ''] = words;
    const own = entry(quoted.replaceAll(`'"'"'`, "'"));
    if (folder !== undefined) account('mkdir', line, own.type === 'directory');
    if (what === 'chmod') account('chmod', line, own.mode === value);
    if (what === 'chown') account('chown', line, own.owner === value.slice(1, -1));
    if (what === 'chgrp') account('chgrp', line, own.group === value.slice(1, -1));
  }
  for (const line of links) {
    const path = line.slice(line.indexOf('\t') + 1);
    const target = execFileSync('readlink', ['-n', '--', path], { cwd: etc, encoding: 'utf8' });
    account('links', line, entry(`./${path}`).type === 'symlink' && entry(`./${path}`).target === target);
  }
  expect(missing).toEqual([]);
  expect(counts.chmod).toBeGreaterThan(100);
  for (const count of Object.values(counts)) expect(count).toBeGreaterThan(0);
  // No line is passed over.
  const others = stored.filter((line) => !/^($|#|maybe (chmod|chown|chgrp) |mkdir -p )/.test(line));
  expect(others).toEqual([]);
  // Of links and of what it ignores etckeeper keeps neither owner nor mode.
  process.stderr.write(`etckeeper ${JSON.stringify(counts)}, ours ${Object.keys(ours).length} entries\n`);
  expect(Object.keys(ours).length).toBeGreaterThanOrEqual(counts.chmod + counts.links - 1);
});
