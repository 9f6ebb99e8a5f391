/** The page of a report in a browser: closed on the screen, whole on paper, without any script. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { renderHtml } from '../../src/report/html.ts';
import { findingOf } from '../notify/findings.ts';
import { openBrowser } from '../serve/browser.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser.close());

test('the edits of a finding open on the screen, and are all there in print', async () => {
  const { change } = findingOf();
  const edits = ['first', 'second', 'third'].map((name) => ({ path: `/tags/${name}`, before: null, after: name }));
  const window = { from: '2026-01-14T15:00:00Z', to: '2026-01-14T16:00:00Z' };
  const findings = [findingOf(change && { change: { ...change, edits } })];
  const page = await browser.newPage({ javaScriptEnabled: false });
  await page.setContent(renderHtml({ findings, gaps: [], unmapped: [], window, generatedAt: window.to }));
  const list = page.locator('details + ul');
  const shows = () => list.getByText('third').isVisible();
  expect(await shows()).toBe(false);
  await page.emulateMedia({ media: 'print' });
  expect(await shows()).toBe(true);
  expect(await list.getByText('third').evaluate((item) => item.getBoundingClientRect().height)).toBeGreaterThan(0);
  await page.emulateMedia({ media: 'screen' });
  await page.getByText('3 edits').click();
  expect(await shows()).toBe(true);
  await page.close();
});
