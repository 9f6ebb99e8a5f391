/** Every page in a browser: nothing that others wrote runs, everybody can read it, and it works by keyboard and without script. */
import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { link } from '../../src/serve/markup.ts';
import { parseAddress } from '../../src/serve/listen-address.ts';
import { openDashboard } from '../../src/serve/server.ts';
import { findingOf, PAYLOADS } from '../notify/findings.ts';
import { type World, world } from '../run/world.ts';
import { openBrowser } from './browser.ts';
import { FILE, id, note, noted, poisonedAt, TOKEN } from './site.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser.close());

async function serving(it: World, token?: string) {
  const said: string[] = [];
  const problem = (text: string) => said.push(text);
  const dashboard = await openDashboard(await it.load(), { address: parseAddress('127.0.0.1:0'), token, problem });
  return { ...dashboard, said };
}

/** What a page did that it should not: dialogs, errors, and what the policy had to stop. */
function watched(page: Page): string[] {
  const trouble: string[] = [];
  page.on('dialog', (dialog) => {
    trouble.push(`dialog: ${dialog.message()}`);
    dialog.dismiss().catch((error: unknown) => trouble.push(String(error)));
  });
  page.on('pageerror', (error) => trouble.push(`error: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error' && !message.text().includes('the server responded with a status of')) trouble.push(message.text());
  });
  return trouble;
}

/** What axe calls serious or critical. */
async function faultsOf(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations } = (await page.evaluate('axe.run()')) as axe.AxeResults;
  return violations.flatMap(({ impact, id: rule, nodes }) =>
    impact === 'serious' || impact === 'critical' ? [`${rule}: ${nodes[0]?.html}`] : [],
  );
}

test('thirty payloads on every page run nothing, and axe finds nothing serious, in light and in dark, wide and narrow', {
  timeout: 240_000,
}, async () => {
  const { it, commit } = await noted(PAYLOADS.map(poisonedAt), true);
  const dashboard = await serving(it);
  try {
    const name = (index: number) => `begin ${PAYLOADS[index] ?? ''} end`;
    const pages = [
      '/',
      '/?since=7d',
      '/?level=high',
      '/?from=2026-01-01&to=2026-01-02',
      '/?page=x',
      '/nowhere',
      `/commits/${commit}`,
      `/resource?path=${FILE}&from=2026-03-02T09:01:00Z`,
      '/actors',
      ...[5].map((index) => link('/actor', { name: name(index) })),
      '/search',
      '/search?q=begin',
      ...[5].flatMap((index) => [link('/search', { q: name(index) }), link('/search', { scope: name(index) })]),
      '/compare',
      '/compare?side=fake/a/r@2026-03-02T09:01Z&side2=fake/a/r',
      link('/compare', { side: name(4), side2: name(5) }),
      '/coverage',
      ...PAYLOADS.map((_, index) => `/findings/${id(index)}`),
    ];
    const audits = new Set(pages.filter((path) => !path.startsWith('/findings/') || path === `/findings/${id(0)}`));
    const serious: string[] = [];
    for (const [colorScheme, width] of [
      ['light', 1280],
      ['dark', 390],
    ] as const) {
      const page = await browser.newPage({ colorScheme, viewport: { width, height: 800 } });
      const trouble = watched(page);
      // The words are the same in both; how they look is not.
      for (const path of width === 1280 ? pages : [...audits]) {
        await page.goto(dashboard.url + path, { waitUntil: 'domcontentloaded' });
        expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'), `${path} fits ${width} px`).toBe(true);
        if (!audits.has(path)) continue;
        serious.push(...(await faultsOf(page)).map((fault) => `${path} ${colorScheme} ${fault}`));
      }
      expect(trouble).toEqual([]);
      await page.close();
    }
    expect(serious).toEqual([]);
    expect(dashboard.said).toEqual([]);
  } finally {
    await dashboard.close();
  }
});

test('long values and what was set aside can be read by everybody, in light and in dark, wide and narrow', {
  timeout: 240_000,
}, async () => {
  const it = await world();
  const text = (words: string) => Array.from({ length: 60 }, (_, index) => `${index} ${words}`).join('\n');
  it.things({ one: { size: 1, text: text('before') }, two: { size: 1 } });
  await it.run();
  it.pass(5);
  it.things({ one: { size: 2, text: text('after') }, two: { size: 2 } });
  await it.run();
  it.pass(1);
  const dashboard = await serving(it);
  const { findings } = (await (await fetch(`${dashboard.url}/api/report`)).json()) as {
    findings: { id: string; resource: { id: string } }[];
  };
  const of = (name: string) => findings.find(({ resource }) => resource.id === name)?.id ?? '';
  const page = await browser.newPage();
  await page.goto(`${dashboard.url}/findings/${of('two')}`);
  await page.getByLabel('Why it is fine').fill('agreed');
  await page.getByLabel('Your name').fill('Ann');
  await page.getByRole('button', { name: 'Set aside' }).click();
  await page.waitForURL('**/findings/*?said=acknowledged');
  await page.close();
  try {
    const began = '2026-03-02T09:01:00Z';
    const pages = [
      '/',
      `/findings/${of('one')}`,
      `/findings/${of('two')}`,
      link('/resource', { path: FILE, from: began }),
      link('/compare', { side: `fake/a/r@${began}`, side2: 'fake/a/r' }),
    ];
    const serious: string[] = [];
    for (const colorScheme of ['light', 'dark'] as const)
      for (const width of [1280, 390]) {
        const narrow = await browser.newPage({ colorScheme, viewport: { width, height: 800 } });
        const trouble = watched(narrow);
        for (const path of pages) {
          await narrow.goto(dashboard.url + path, { waitUntil: 'domcontentloaded' });
          const where = `${path} ${colorScheme} ${width}`;
          serious.push(...(await faultsOf(narrow)).map((fault) => `${where} ${fault}`));
          expect(await narrow.evaluate('document.documentElement.scrollWidth <= innerWidth'), where).toBe(true);
          // What scrolls in itself is found by keyboard; and nothing of an edit lies beside the screen.
          const boxes = narrow.locator('pre.long');
          for (const box of await boxes.all()) expect(await box.getAttribute('tabindex'), where).toBe('0');
          if (path !== '/' && path !== `/findings/${of('two')}`) expect(await boxes.count(), where).toBeGreaterThan(0);
          for (const value of await narrow.locator('.edits [data-name]').all()) {
            const { x = 0, width: wide = 0 } = (await value.boundingBox()) ?? {};
            expect(x + wide, where).toBeLessThanOrEqual(width);
          }
        }
        expect(await narrow.goto(dashboard.url).then(() => narrow.locator('article.aside').count())).toBe(1);
        expect(trouble).toEqual([]);
        await narrow.close();
      }
    expect(serious).toEqual([]);
    expect(dashboard.said).toEqual([]);
  } finally {
    await dashboard.close();
  }
});

test('Thursday morning: signed in by keyboard, one page from the link to the command, set aside without a script', async () => {
  const { it } = await noted([findingOf({ id: id(1), undo: ["restore 'rtb-0a1'"] })]);
  const dashboard = await serving(it, TOKEN);
  const context = await browser.newContext({ javaScriptEnabled: false });
  try {
    const page = await context.newPage();
    await page.goto(`${dashboard.url}/findings/${id(1)}`);
    expect(await page.title()).toContain('Sign in');
    await page.keyboard.type(TOKEN);
    await page.keyboard.press('Enter');
    await page.waitForURL(`**/findings/${id(1)}`);
    expect(await page.getByRole('region', { name: 'Undo commands' }).textContent()).toBe("restore 'rtb-0a1'");
    await page.getByLabel('Why it is fine').fill('agreed with Maria');
    await page.getByLabel('Your name').fill('Ann');
    await page.getByRole('button', { name: 'Set aside' }).click();
    await page.waitForURL('**/findings/*?said=acknowledged');
    expect(await page.textContent('main')).toContain('acknowledged by Ann until 2026-03-09: agreed with Maria');
    // Skip link first, then the ways on: what a keyboard reaches.
    await page.goto(dashboard.url);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.url()).toContain('#main');
    // The plot zooms by links.
    await page
      .getByRole('link', { name: /^Zoom to / })
      .first()
      .focus();
    await page.keyboard.press('Enter');
    await page.waitForURL('**/?from=*');
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.waitForURL('**/login');
    await page.goto(dashboard.url);
    expect(await page.title()).toContain('Sign in');
  } finally {
    await context.close();
    await dashboard.close();
  }
});

test('an open page says that there is something new, and goes on showing what is being read', async () => {
  const { it, commit } = await noted([findingOf({ id: id(1) })]);
  const dashboard = await serving(it);
  const page = await browser.newPage();
  try {
    const stream = page.waitForResponse('**/api/stream');
    await page.goto(dashboard.url);
    await stream;
    await note(it, commit, [findingOf({ id: id(1) }), findingOf({ id: id(2), level: 'critical' })]);
    await page.getByText('1 new finding, the worst critical').waitFor({ timeout: 10_000 });
    expect(await page.content()).not.toContain(id(2));
    await page.getByRole('link', { name: 'show' }).click();
    await page.getByText(id(2)).first().waitFor();
  } finally {
    await page.close();
    await dashboard.close();
  }
});
