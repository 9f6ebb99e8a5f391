/** The commands of the recorded session still say what it shows. */
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { spawn } from '../../src/spawn.ts';

test('the session in docs/ is what the commands say now', async () => {
  const script = fileURLToPath(new URL('../../scripts/terminal-session.mjs', import.meta.url));
  const { code, stderr } = await spawn(process.execPath, [script, '--check'], { env: process.env, timeout: 60_000 });
  expect([code, stderr]).toEqual([0, '']);
}, 60_000);
