/** Whatever is named for a file and is none is refused at once, wherever it may be named. */
import { execFileSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { folder } from './folder.ts';
import { openCountries } from '../src/pipeline/countries.ts';
import { requirePlain } from '../src/plain-file.ts';
import { loadRules } from '../src/rank/rules.ts';
import { openLog } from '../trails/_log/lines.ts';
import { readPublicKeys } from '../trails/_cloudtrail/digest-keys.ts';
import { loadInventory } from '../exporters/host/inventory/load.ts';

const READERS: readonly (readonly [what: string, read: (pipe: string) => Promise<unknown>])[] = [
  ['a log', (pipe) => openLog(pipe, undefined)],
  ['public keys', (pipe) => readPublicKeys(pipe, '.')],
  ['a rule', (pipe) => loadRules([dirname(pipe)])],
  ['a database of countries', (pipe) => openCountries(pipe)],
  ['an inventory', (pipe) => loadInventory(pipe, undefined, () => undefined)],
];

test.each(READERS)('%s that is a named pipe', async (_, read) => {
  const pipe = join(folder(), 'pipe.yaml');
  execFileSync('mkfifo', [pipe]);
  await expect(read(pipe)).rejects.toMatchObject({ code: 'not-a-file', message: `${pipe} is a named pipe, not a file` });
});

test('files, folders and what is not there are left to who reads them', () => {
  const dir = folder({ file: '' });
  for (const path of [dir, join(dir, 'file'), join(dir, 'nothing'), join(dir, 'file', 'below')])
    expect(() => requirePlain(path)).not.toThrow();
});
