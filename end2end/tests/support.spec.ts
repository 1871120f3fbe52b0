// The support desk: one search over every account, and what is wrong where.

import type { Browser, BrowserContext, Page } from '@playwright/test';
import { Account, csv, fictional, grouped } from '../support/account.ts';
import { awake, axe, expect, expectNoSidewaysScroll, open, scripted, shots, test, useServer } from '../support/page.ts';

const server = useServer();
const number = fictional(206, 1);

let sid: { context: BrowserContext; page: Page };

/** A browser of somebody else, who is not signed in. */
async function stranger(browser: Browser): Promise<{ context: BrowserContext; page: Page }> {
  const context = await browser.newContext({ baseURL: server().url, javaScriptEnabled: scripted() });
  return { context, page: await context.newPage() };
}

/** Accepts the invitation whose link a page shows, as somebody new. */
async function accept(browser: Browser, shown: Page, name: string): Promise<{ context: BrowserContext; page: Page }> {
  const link = new URL(await shown.getByLabel('The link').inputValue()).pathname;
  const somebody = await stranger(browser);
  await open(somebody.page, link);
  await somebody.page.getByLabel('Your name').fill(name);
  await somebody.page.getByLabel('Choose a password').fill('copper lantern moss 7');
  await somebody.page.getByRole('button', { name: 'Accept and sign in' }).click();
  await awake(somebody.page);
  return somebody;
}

/** Searches every account. */
async function search(page: Page, text: string): Promise<void> {
  await page.goto('/support');
  await page.getByLabel('Search every account').fill(text);
  await page.getByRole('button', { name: 'Search', exact: true }).click();
  await awake(page);
}

test.beforeAll(async () => {
  const account = await Account.create(server(), 'Harbour Dental');
  await account.addRoute({ alias: 'front-desk', kind: 'host', value: 'pbx.harbour.example' });
  const mobile = await account.addRoute({ alias: 'mobile', kind: 'phone', value: `+${fictional(425, 9)}` });
  await account.importCsv(
    csv('number,alias,primary', [`+${number},Reception,front-desk`, `+${fictional(206, 2)},Billing,front-desk`]),
  );
  await account.editDid(number, { alias: 'Reception', primary: (await account.routeId('front-desk')) ?? '', failover: mobile });
});

test.beforeEach(async ({ page, browser }, info) => {
  // Somebody of support for each test.
  await open(page, '/people');
  await page.getByLabel('E-mail address').fill(`sid-${info.testId}-${info.retry}@example.com`);
  await page.getByRole('button', { name: 'Make a link' }).click();
  sid = await accept(browser, page, 'Sid');
});

test.afterEach(async () => {
  await sid.context.close();
});

test('a number in any format leads a support person straight to its page, and that look is on record', { tag: ['@core', '@nojs'] }, async ({ page }) => {
  const here = new RegExp(`/accounts/1/dids/${number}$`);
  for (const typed of [`+${number}`, grouped(number), `tel:+${number}`, number.slice(1), `(${number.slice(1, 4)}) ${number.slice(4, 7)}-${number.slice(7)}`]) {
    await search(sid.page, typed);
    await expect(sid.page, typed).toHaveURL(here);
  }
  await expect(sid.page.getByRole('banner')).toContainText('Visiting: read-only, and on record');
  await sid.page.getByRole('link', { name: 'Support desk' }).click();
  await expect(sid.page.getByRole('heading', { level: 1, name: 'Support desk' })).toBeVisible();
  await open(page, '/settings/looks');
  await expect(page.getByRole('row').filter({ hasText: `/accounts/1/dids/${number}` }).first()).toContainText('Sid');
});

test('anything else is found in whichever account it is, by kind, and the owner sees who searched', { tag: ['@core', '@nojs'] }, async ({ page }) => {
  const region = (name: string) => sid.page.getByRole('region', { name });
  await search(sid.page, number.slice(1, 8));
  const rows = region('Numbers').getByRole('row');
  await expect(rows).toHaveCount(3);
  await expect(rows.nth(1)).toContainText('Harbour Dental');
  await expect(rows.nth(1)).toContainText('front-desk → mobile');
  await expect(rows.nth(2)).toContainText('front-desk, no failover');
  for (const typed of ['FRONT-d', 'pbx.harbour']) {
    await search(sid.page, typed);
    await expect(region('Numbers')).toHaveCount(0);
    await expect(region('Routes').getByRole('row').filter({ hasText: 'pbx.harbour.example' })).toBeVisible();
  }
  await region('Routes').getByRole('link', { name: 'front-desk' }).click();
  await awake(sid.page);
  await expect(sid.page).toHaveURL(/\/accounts\/1\/interconnection\/inbound-routes\/\d+$/);
  for (const typed of ['harbour', '1']) {
    await search(sid.page, typed);
    await region('Accounts').getByRole('link', { name: 'Harbour Dental' }).click();
    await awake(sid.page);
    await expect(sid.page).toHaveURL('/accounts/1/');
  }
  await search(sid.page, 'nobody has this');
  await expect(sid.page.getByText('Nothing matches “nobody has this” in any account.')).toBeVisible();
  await search(sid.page, 're');
  await expect(sid.page.getByText('searched from three characters on')).toBeVisible();
  await open(page, '/settings/looks');
  await expect(page.getByRole('row').filter({ hasText: 'A search of the support desk' }).first()).toContainText('Sid');
});

test('the desk says what is wrong where, and leads there', { tag: ['@core', '@nojs'] }, async () => {
  await open(sid.page, '/support');
  const row = sid.page.getByRole('region', { name: 'What is wrong where' }).getByRole('row').filter({ hasText: 'Harbour Dental' });
  await expect(row).toBeVisible();
  await row.getByRole('link', { name: '1' }).first().click();
  await awake(sid.page);
  await expect(sid.page).toHaveURL(/\/accounts\/1\/findings$/);
});

test('there is no desk for an owner who is not of the staff', { tag: '@nojs' }, async ({ page, browser, complaints }, info) => {
  complaints.expect(/404/);
  await open(page, '/settings/people');
  await page.getByLabel('E-mail address').fill(`olaf-${info.project.name}-${info.retry}@example.com`);
  await page.getByLabel('Role', { exact: true }).selectOption('owner');
  await page.getByRole('button', { name: 'Make a link' }).click();
  await awake(page);
  const olaf = await accept(browser, page, 'Olaf');
  await expect(olaf.page.getByRole('link', { name: 'Support desk' })).toHaveCount(0);
  for (const address of ['/support', `/support?q=${number}`, '/accounts/1/support']) {
    expect((await olaf.page.goto(address))?.status(), address).toBe(404);
  }
  await olaf.context.close();
});

test('the desk has no barrier that axe can find, fits a phone, and has its pictures', async () => {
  test.setTimeout(120_000);
  for (const [name, address] of [
    ['support-desk', '/support'],
    ['support-found', `/support?q=${number.slice(1, 8)}`],
    ['support-routes', '/support?q=har'],
    ['support-nothing', '/support?q=zzzz'],
  ] as const) {
    await open(sid.page, address);
    for (const colorScheme of ['light', 'dark'] as const) {
      await sid.page.emulateMedia({ colorScheme });
      await axe(sid.page);
    }
    await shots(sid.page, name);
    await sid.page.setViewportSize({ width: 320, height: 640 });
    await expectNoSidewaysScroll(sid.page);
    await sid.page.setViewportSize({ width: 1280, height: 720 });
  }
});
