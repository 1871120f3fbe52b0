// Activity: everything that was done, looked up by its filters, opened into its rows, and undone.

import { Account, fictional } from '../support/account.ts';
import { awake, axe, expect, expectNoSidewaysScroll, open, shots, test, useServer } from '../support/page.ts';

const server = useServer();
const did = (last: number) => fictional(206, last);
let account: Account;
let pbx: string;
let mobile: string;

test.beforeAll(async () => {
  account = await Account.create(server());
  pbx = await account.addRoute({ alias: 'seattle-pbx', kind: 'host', value: 'pbx.sea.example.com' });
  mobile = await account.addRoute({ alias: 'mobile', kind: 'phone', value: '+12065550199', answerer: 'person' });
  // More than one page of an entry holds.
  const office = Array.from({ length: 60 }, (_, n) => `+${did(n)},seattle-pbx`);
  const annex = Array.from({ length: 60 }, (_, n) => `+${fictional(312, n)},seattle-pbx`);
  await account.importCsv(`number,primary\n${[...office, ...annex].join('\n')}\n`);
});

test('an import is one entry that opens into every row', { tag: ['@core', '@nojs'] }, async ({ page }) => {
  await open(page, '/');
  await page.getByRole('link', { name: 'All activity' }).click();
  await awake(page);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Activity');
  await page.getByRole('link', { name: /^DIDs imported/ }).last().click();
  await awake(page);
  await expect(page.getByRole('status')).toContainText('120 DIDs added or changed');
  const changed = page.getByRole('region', { name: 'What was changed' });
  await expect(changed).toContainText('1 to 100 of 120');
  await page.getByRole('link', { name: 'Next →' }).click();
  await awake(page);
  await expect(changed).toContainText('101 to 120 of 120');
  await expect(changed.locator(`a[href="/dids/${fictional(312, 59)}"]`)).toBeVisible();
});

test('filters stand in the address, and what is wrong with one is said beside it', { tag: ['@core', '@nojs'] }, async ({ page, complaints }) => {
  complaints.expect(/422/);
  await account.editDid(did(7), { alias: 'Kiosk', primary: pbx, failover: mobile });
  await open(page, '/activity');
  await page.getByLabel('Number').fill('(206) 555-0107');
  await page.getByLabel('What', { exact: true }).selectOption('DID changed');
  await page.getByRole('button', { name: 'Search' }).click();
  await expect(page).toHaveURL(/number=.*kind=edit_did|kind=edit_did.*number=/);
  await awake(page);
  await expect(page.getByRole('row').filter({ hasText: 'DID changed' })).toHaveCount(1);
  await expect(page.getByRole('row').filter({ hasText: 'imported' })).toHaveCount(0);
  await page.getByLabel('Number').fill('reception');
  await page.getByRole('button', { name: 'Search' }).click();
  await awake(page);
  await expect(page.getByRole('alert')).toContainText('Nothing was looked up.');
  await expect(page.getByLabel('Number')).toHaveAccessibleDescription(/\S/);
  await expect(page.getByLabel('Number')).toHaveValue('reception');
  await page.getByRole('link', { name: 'Clear filters' }).click();
  await awake(page);
  await page.getByLabel('Who').fill('nobody');
  await page.getByRole('button', { name: 'Search' }).click();
  await expect(page.getByRole('main')).toContainText('Nothing was done that matches.');
  await awake(page);
});

test('a number, a route and a plan lead to what was done to them', { tag: '@nojs' }, async ({ page }) => {
  const plan = await account.addPlan('Night', [{ 'route.0': mobile }]);
  for (const [address, link, what] of [
    [`/dids/${did(1)}`, 'All that was done to this number', /^DIDs imported/],
    [`/interconnection/inbound-routes/${mobile}`, 'Its activity', 'Route added: mobile'],
    [`/interconnection/failover-plans/${plan}`, 'All that was done to this plan', 'Failover plan added: Night'],
  ] as const) {
    await open(page, address);
    await page.getByRole('link', { name: link }).click();
    await expect(page).toHaveURL(/\/activity\?/);
    await awake(page);
    await expect(page.getByRole('link', { name: what })).toBeVisible();
    await expect(page.getByRole('main').locator('tbody tr'), address).toHaveCount(1);
  }
  // A number's calls change with its routes as well.
  await open(page, `/dids/${did(1)}`);
  await page.getByRole('link', { name: 'What was done to the route seattle-pbx' }).click();
  await expect(page).toHaveURL(new RegExp(`/activity\\?route=${pbx}$`));
  await awake(page);
  await expect(page.getByRole('link', { name: 'Route added: seattle-pbx' })).toBeVisible();
});

test('an entry is undone, later edits stay and are told, and the undo is an entry itself', { tag: ['@core', '@nojs'] }, async ({ page }) => {
  const numbers = [31, 32, 33].map((last) => `+${did(last)},seattle-pbx,mobile`);
  const version = /\d+$/.exec(await account.importCsv(`number,primary,failover\n${numbers.join('\n')}\n`))?.[0] ?? '';
  await account.editDid(did(32), { alias: 'Night desk', primary: pbx, failover: mobile });
  await open(page, `/activity/${version}`);
  await page.getByRole('link', { name: 'Undo…' }).click();
  await awake(page);
  await expect(page.getByRole('status')).toContainText('2 DIDs go back, 0 as they were already, 1 left as they are.');
  await expect(page.getByRole('region', { name: 'Refused' }).getByRole('link', { name: 'What they did' })).toBeVisible();
  await page.getByLabel('Reason').fill('the wrong file');
  await page.getByRole('button', { name: 'Undo for 2 DIDs' }).click();
  await awake(page);
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Undo of DIDs imported');
  await expect(page.getByText('the wrong file')).toBeVisible();
  await open(page, `/dids/${did(32)}`);
  await expect(page.getByRole('region', { name: 'Routing' })).toContainText(/fails over to.*mobile/);
  await open(page, `/dids/${did(31)}`);
  await expect(page.getByRole('region', { name: 'Routing' })).toContainText(/fails over to.*no failover/);
});

test('an entry that cannot be undone says why', { tag: '@nojs' }, async ({ page }) => {
  await open(page, '/activity/0/undo');
  await expect(page.getByRole('status')).toContainText('This cannot be undone. An account that was created stays.');
});

test('activity and an entry fit a phone, and axe finds no barrier', { tag: '@phone' }, async ({ page }) => {
  for (const [name, go] of [
    ['activity', () => open(page, '/activity')],
    ['entry', () => page.getByRole('link', { name: /^DIDs imported/ }).last().click()],
  ] as const) {
    await go();
    await awake(page);
    await axe(page);
    await shots(page, `activity-${name}`);
    await page.setViewportSize({ width: 320, height: 640 });
    await expectNoSidewaysScroll(page);
  }
});
