// Takes the pictures of docs/images/ from the recorded demo: `npm run build && node scripts/screenshots.mjs`. Needs chromium.
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const CLI = join(ROOT, 'dist', 'src', 'cli', 'main.js');
const IMAGES = join(ROOT, 'docs', 'images');

/** `find`: the page is what the first link with these words leads to. */
const PICTURES = [
  { name: 'threats-light', path: '/', width: 1280, height: 860, colorScheme: 'light' },
  { name: 'finding-dark', path: '/', find: 'route table', width: 1280, height: 860, colorScheme: 'dark' },
  { name: 'threats-phone-dark', path: '/', width: 390, height: 780, colorScheme: 'dark' },
  { name: 'finding-phone-light', path: '/', find: 'route table', width: 390, height: 780, colorScheme: 'light' },
];

const folder = mkdtempSync(join(tmpdir(), 'drifttrail-screenshots-'));
const demo = join(folder, 'demo');
const made = spawnSync(process.execPath, [CLI, 'quickstart', demo], { cwd: folder, stdio: 'ignore', timeout: 120_000 });
if (made.status !== 0 && made.status !== 3) throw new Error(`quickstart ended with ${made.status}`);
const server = spawn(process.execPath, [CLI, '--dir', demo, 'serve', '--listen', '127.0.0.1:0', '--json'], {
  stdio: ['ignore', 'pipe', 'inherit'],
});
try {
  const { url } = JSON.parse(await new Promise((resolve) => server.stdout.once('data', (text) => resolve(String(text)))));
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
  mkdirSync(IMAGES, { recursive: true });
  for (const { name, path, find, width, height, colorScheme } of PICTURES) {
    const page = await browser.newPage({ viewport: { width, height }, colorScheme });
    await page.goto(url + path);
    if (find !== undefined)
      await page
        .getByRole('link', { name: find })
        .filter({ hasNot: page.locator('circle') })
        .first()
        .click();
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.screenshot({ path: join(IMAGES, `${name}.png`) });
    await page.close();
  }
  await browser.close();
} finally {
  server.kill('SIGTERM');
  rmSync(folder, { recursive: true, force: true });
}
