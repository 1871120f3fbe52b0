import type { Page } from '@playwright/test';
import { Account, fictional, grouped } from '../support/account.ts';
import { awake, expect, expectNoSidewaysScroll, open, test, useServer } from '../support/page.ts';

const server = useServer();
let pbx: string;

// 100 numbers of Seattle, the first 30 with a failover; 20 of London.
test.beforeAll(async () => {
  const account = await Account.create(server());
  pbx = await account.addRoute({ alias: 'seattle-pbx', kind: 'host', value: 'pbx.sea.example.com' });
  await account.addRoute({ alias: 'london-pbx', kind: 'host', value: 'pbx.lon.example.com' });
  await account.addRoute({ alias: 'mobile', kind: 'phone', value: '+12065550199', answerer: 'person' });
  const seattle = Array.from({ length: 99 }, (_, n) => `+${fictional(206, n)},Seattle ${n},seattle-pbx,${n < 30 ? 'mobile' : ''}`);
  const london = Array.from({ length: 20 }, (_, n) => `+4420794601${String(n).padStart(2, '0')},London ${n},london-pbx,`);
  await account.importCsv(`number,alias,primary,failover\n${[...seattle, ...london].join('\n')}\n`);
});

const rows = (page: Page) => page.getByRole('checkbox', { name: /^Select \+/ });
const tick = (page: Page, last: number) => page.getByRole('checkbox', { name: `Select ${grouped(fictional(206, last))}` });
const selected = (page: Page) => page.getByRole('group', { name: 'Bulk action' }).getByRole('status');

async function search(page: Page, text: string): Promise<void> {
  await page.getByRole('search').getByLabel('Search').fill(text);
  await page.getByRole('search').getByRole('button', { name: 'Search' }).click();
  await awake(page);
}

for (const typed of ['+12065550107', '206-555-0107', '(206) 555-0107', '5550107', '555 01 07', '0107', '+1 206 555 0107']) {
  test(`a DID is found by its digits written as ${typed}`, { tag: ['@core', '@nojs'] }, async ({ page }) => {
    await open(page, '/dids/manage');
    await search(page, typed);
    await expect(tick(page, 7)).toBeVisible();
    // London has a number that ends like that, too.
    await expect(page.getByText(typed === '0107' ? '2 shown of 2' : '1 shown of 1')).toBeVisible();
    await expect(page.getByRole('search').getByLabel('Search')).toHaveValue(typed);
  });
}

for (const typed of ['london 1', 'LONDON 1', 'ndon 1']) {
  test(`DIDs are found by their alias written as ${typed}`, { tag: ['@core', '@nojs'] }, async ({ page }) => {
    await open(page, '/dids/manage');
    await search(page, typed);
    await expect(rows(page)).toHaveCount(11);
  });
}

test('a search that finds nothing says so, and leads back to everything', { tag: '@nojs' }, async ({ page }) => {
  await open(page, '/dids/manage');
  await search(page, '100% "nothing" _');
  await expect(page.getByText('No DID matches.')).toBeVisible();
  await page.getByRole('cell').getByRole('link', { name: 'Clear filters' }).click();
  await expect(page).toHaveURL('/dids/manage');
  await expect(rows(page)).toHaveCount(50);
  await awake(page);
});

test('the list is filtered by failover, route and country, and the address and a reload keep it', { tag: ['@core', '@nojs'] }, async ({ page }) => {
  await open(page, '/dids/manage');
  const count = page.getByRole('navigation', { name: 'Pages' });
  await page.getByLabel('Failover', { exact: true }).selectOption('With a failover');
  await search(page, '');
  await expect(count).toContainText('30 shown of 30');
  await page.getByLabel('Failover', { exact: true }).selectOption('No failover');
  await page.getByLabel('Route', { exact: true }).selectOption('london-pbx');
  await search(page, 'London 1');
  await expect(count).toContainText('11 shown of 11');
  await page.reload();
  await awake(page);
  await expect(count).toContainText('11 shown of 11');
  await expect(page.getByLabel('Route', { exact: true }).locator('option:checked')).toHaveText('london-pbx');
  await page.getByRole('link', { name: 'Clear filters' }).first().click();
  await awake(page);
  await page.getByLabel('Country').selectOption('44');
  await search(page, '');
  await expect(count).toContainText('20 shown of 20');
  await expect(page).toHaveURL(/country=44/);
});

test('the pages go forward and back without losing or repeating a DID', { tag: ['@core', '@nojs'] }, async ({ page }) => {
  await open(page, '/dids/manage');
  const seen: string[] = [];
  const values = () => rows(page).evaluateAll((boxes) => boxes.map((box) => (box as HTMLInputElement).value));
  const first = await values();
  seen.push(...first);
  for (const expected of [50, 19]) {
    await page.getByRole('link', { name: 'Next →' }).click();
    await expect(rows(page)).toHaveCount(expected);
    await awake(page);
    seen.push(...(await values()));
  }
  await expect(page.getByRole('link', { name: 'Next →' })).toBeHidden();
  expect(new Set(seen).size).toBe(119);
  expect(seen).toEqual([...seen].sort((a, b) => Number(a) - Number(b)));
  await page.reload();
  await expect(rows(page)).toHaveCount(19);
  await awake(page);
  await page.getByRole('link', { name: '← Previous' }).click();
  await expect(rows(page)).toHaveCount(50);
  await awake(page);
  await page.getByRole('link', { name: '← Previous' }).click();
  await expect(page.getByRole('link', { name: '← Previous' })).toBeHidden();
  expect(await values()).toEqual(first);
  await awake(page);
});

test('the list is sorted both ways, and the filter, the size and the sort are kept together', { tag: '@nojs' }, async ({ page }) => {
  await open(page, '/dids/manage?q=London');
  await page.getByRole('link', { name: 'Number', exact: true }).click();
  await expect(page.getByRole('columnheader', { name: 'Number' })).toHaveAttribute('aria-sort', 'descending');
  await expect(rows(page).first()).toHaveValue('442079460119');
  await awake(page);
  await page.getByRole('link', { name: '100', exact: true }).click();
  await expect(page).toHaveURL(/q=London/);
  await expect(page).toHaveURL(/per=100/);
  await expect(page).toHaveURL(/dir=desc/);
  await awake(page);
  await page.getByRole('link', { name: 'Alias', exact: true }).click();
  await expect(page.getByRole('columnheader', { name: 'Alias' })).toHaveAttribute('aria-sort', 'ascending');
  await expect(rows(page).first()).toHaveValue('442079460100');
  await awake(page);
  await search(page, 'London 1');
  await expect(page).toHaveURL(/sort=alias/);
  await expect(page).toHaveURL(/per=100/);
});

test('a DID is drawn as the path of its call', { tag: ['@core', '@nojs'] }, async ({ page }) => {
  await open(page, '/dids/manage');
  const row = (last: number) => page.getByRole('row').filter({ has: tick(page, last) });
  await expect(row(0)).toContainText(/seattle-pbx.*fails over to.*mobile/);
  await expect(row(45)).toContainText(/seattle-pbx.*fails over to.*no failover/);
});

test('the header box ticks the page, and all that match can be chosen from there', async ({ page }) => {
  await open(page, '/dids/manage?failover=none');
  await expect(selected(page)).toHaveText('0 of 89 selected');
  const header = page.getByRole('checkbox', { name: 'Select all DIDs on this page' });
  const offer = page.getByRole('button', { name: 'Select all 89 matching' });
  await expect(offer).toBeHidden();
  await header.check();
  await expect(selected(page)).toHaveText('50 of 89 selected');
  await tick(page, 40).uncheck();
  await expect(selected(page)).toHaveText('49 of 89 selected');
  expect(await header.evaluate((box) => (box as HTMLInputElement).indeterminate)).toBe(true);
  await header.check();
  await offer.click();
  await expect(selected(page)).toHaveText('All 89 matching DIDs selected');
  await page.getByLabel('Choose a DID Action').selectOption('Clear Failover Route');
  await page.getByRole('button', { name: 'Apply Action' }).click();
  await expect(page.getByRole('heading', { name: '89 DIDs chosen: all that match the filter' })).toBeVisible();
  await awake(page);
});

test('clearing the selection unticks everything', async ({ page }) => {
  await open(page, '/dids/manage');
  await page.getByRole('checkbox', { name: 'Select all DIDs on this page' }).check();
  await page.getByRole('button', { name: 'Select all 119 matching' }).click();
  await page.getByRole('button', { name: 'Clear selection' }).click();
  await expect(selected(page)).toHaveText('0 of 119 selected');
  await expect(page.getByRole('checkbox', { checked: true })).toHaveCount(0);
});

test('with Shift a range is ticked, upwards too, and unticked', async ({ page }) => {
  await open(page, '/dids/manage');
  await tick(page, 10).click();
  await tick(page, 19).click({ modifiers: ['Shift'] });
  await expect(selected(page)).toHaveText('10 of 119 selected');
  await tick(page, 5).click();
  await tick(page, 2).click({ modifiers: ['Shift'] });
  await expect(selected(page)).toHaveText('14 of 119 selected');
  await tick(page, 19).click();
  await tick(page, 15).click({ modifiers: ['Shift'] });
  await expect(selected(page)).toHaveText('9 of 119 selected');
});

test('the back button brings back the ticks, and the count is right', async ({ page }) => {
  await open(page, '/dids/manage');
  for (const last of [1, 3, 8]) {
    await tick(page, last).check();
  }
  await page.getByLabel('Choose a DID Action').selectOption('Set Alias');
  await page.getByRole('button', { name: 'Apply Action' }).click();
  await expect(page.getByRole('heading', { name: '3 DIDs chosen' })).toBeVisible();
  await awake(page);
  await page.goBack();
  await awake(page);
  await expect(tick(page, 3)).toBeChecked();
  await expect(selected(page)).toHaveText('3 of 119 selected');
});

test('the back button brings back "all matching"', async ({ page }) => {
  await open(page, '/dids/manage');
  await page.getByRole('checkbox', { name: 'Select all DIDs on this page' }).check();
  await page.getByRole('button', { name: 'Select all 119 matching' }).click();
  await page.getByLabel('Choose a DID Action').selectOption('Set Alias');
  await page.getByRole('button', { name: 'Apply Action' }).click();
  await expect(page.getByRole('heading', { name: /^119 DIDs chosen/ })).toBeVisible();
  await awake(page);
  await page.goBack();
  await awake(page);
  await expect(selected(page)).toHaveText('All 119 matching DIDs selected');
});

test('ticks do not survive paging: nothing is applied to rows that are not seen', async ({ page }) => {
  await open(page, '/dids/manage');
  await tick(page, 1).check();
  await page.getByRole('link', { name: 'Next →' }).click();
  await expect(rows(page).first()).toHaveValue(fictional(206, 50));
  await awake(page);
  await expect(selected(page)).toHaveText('0 of 119 selected');
});

test('an action without DIDs, and DIDs without an action, give a hint and keep the filter', { tag: '@nojs' }, async ({ page }) => {
  await open(page, '/dids/manage?q=London');
  await page.getByLabel('Choose a DID Action').selectOption('Set Failover Route');
  await page.getByRole('button', { name: 'Apply Action' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'Tick at least one DID first' })).toBeVisible();
  await expect(page.getByRole('search').getByLabel('Search')).toHaveValue('London');
  await awake(page);
  await rows(page).first().check();
  await page.getByLabel('Choose a DID Action').selectOption('');
  await page.getByRole('button', { name: 'Apply Action' }).click();
  // The browser itself asks for an action, so the ticks stay.
  await expect(page.getByLabel('Choose a DID Action')).toBeFocused();
  await expect(rows(page).first()).toBeChecked();
});

test('without JavaScript all that match can be chosen too', { tag: ['@nojs', '@nojs-only'] }, async ({ page }) => {
  await open(page, '/dids/manage?q=London');
  await page.getByLabel('All 20 matching, not only the ticked ones').check();
  await page.getByLabel('Choose a DID Action').selectOption('Set Failover Route');
  await page.getByRole('button', { name: 'Apply Action' }).click();
  await expect(page.getByRole('heading', { name: '20 DIDs chosen: all that match the filter' })).toBeVisible();
});

test('the list of the DIDs of a route is one address', { tag: '@nojs' }, async ({ page }) => {
  await open(page, `/dids/manage?route=${pbx}`);
  await expect(page.getByRole('navigation', { name: 'Pages' })).toContainText('50 shown of 99');
});

test('the list fits a phone, filters and bulk bar included', { tag: '@phone' }, async ({ page }) => {
  await open(page, '/dids/manage?q=London');
  await expectNoSidewaysScroll(page);
  await rows(page).first().check();
  await expect(selected(page)).toHaveText('1 of 20 selected');
  await expect(page.getByRole('button', { name: 'Apply Action' })).toBeInViewport();
  await expectNoSidewaysScroll(page);
});
