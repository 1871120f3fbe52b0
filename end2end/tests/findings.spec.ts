// Findings: what is wrong, the DIDs that it touches, the way out, and what of it is meant to be so.

import { Account, fictional, grouped } from '../support/account.ts';
import { awake, axe, expect, expectNoSidewaysScroll, open, shots, test, useServer } from '../support/page.ts';

const server = useServer();
const did = fictional(206, 0);
let pbx: string;

test.beforeAll(async () => {
  const account = await Account.create(server());
  pbx = await account.addRoute({ alias: 'seattle-pbx', kind: 'host', value: 'pbx.sea.example.com', carrier: 'Cascade Fiber' });
  await account.addRoute({ alias: 'annex-pbx', kind: 'host', value: 'pbx.annex.example.com', carrier: 'Cascade Fiber' });
  const rows = Array.from({ length: 4 }, (_, n) => `+${fictional(206, n)},,seattle-pbx,annex-pbx`);
  await account.importCsv(`number,alias,primary,failover\n${rows.join('\n')}\n+${fictional(206, 9)},,seattle-pbx,\n`);
});

const shared = 'uses Cascade Fiber like the primary';

test('a finding names its way out and leads to the DIDs that it touches', { tag: ['@core', '@nojs'] }, async ({ page }) => {
  await open(page, '/findings');
  const row = page.getByRole('row').filter({ hasText: shared });
  await expect(row).toContainText('Serious');
  await expect(row).toContainText('Choose a route of another carrier for the failover.');
  await expect(row.getByRole('link', { name: '4 DIDs' })).toHaveAttribute('href', `/dids/manage?route=${pbx}&failover=some`);
  await row.getByRole('link', { name: '4 DIDs' }).click();
  await expect(page.getByRole('checkbox', { name: /^Select \+/ })).toHaveCount(4);
  await awake(page);
});

test('what is meant to be so is accepted with a reason, leaves the overview, and can be withdrawn', { tag: ['@core', '@nojs'] }, async ({ page, complaints }) => {
  complaints.expect(/422/);
  await open(page, '/');
  await expect(page.getByRole('region', { name: 'Findings' })).toContainText(shared);
  await page.getByRole('link', { name: /^All \d+ findings$/ }).click();
  await awake(page);
  const row = page.getByRole('row').filter({ hasText: shared });
  await row.getByText('Accept…').click();
  await row.getByRole('button', { name: 'Accept' }).click();
  // A reason is needed; the form stays open.
  await expect(row.getByLabel('Why it is meant to be so')).toHaveAccessibleDescription(/\S/);
  await awake(page);
  await row.getByLabel('Why it is meant to be so').fill('The second line is ordered');
  await row.getByLabel('Until').fill('2001-01-01');
  await row.getByRole('button', { name: 'Accept' }).click();
  await expect(row.getByLabel('Until')).toHaveAccessibleDescription(/This day is over/);
  await expect(row.getByLabel('Why it is meant to be so')).toHaveValue('The second line is ordered');
  await awake(page);
  await row.getByLabel('Until').fill('2099-12-31');
  await row.getByRole('button', { name: 'Accept' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'The finding is accepted.' })).toBeVisible();
  await awake(page);

  await open(page, '/');
  await expect(page.getByRole('region', { name: 'Findings' })).not.toContainText(shared);
  await expect(page.getByRole('main')).toContainText('1 finding is accepted.');
  await open(page, `/dids/${did}`);
  await page.getByText('Accepted findings').click();
  await expect(page.getByRole('main')).toContainText('accepted by olive@example.com: The second line is ordered');

  await open(page, '/findings');
  await page.getByText('1 accepted finding').click();
  const accepted = page.locator('#accepted').getByRole('row').filter({ hasText: shared });
  await expect(accepted).toContainText('The second line is ordered');
  await expect(accepted).toContainText('until 2099-12-31');
  await accepted.getByRole('button', { name: 'Withdraw' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'The finding is open again.' })).toBeVisible();
  await expect(page.getByRole('row').filter({ hasText: shared })).toBeVisible();
  await awake(page);
});

test('a finding that is gone cannot be accepted any more', { tag: '@nojs' }, async ({ page, complaints }) => {
  complaints.expect(/404/);
  await open(page, '/findings');
  const row = page.getByRole('row').filter({ hasText: shared });
  await row.getByText('Accept…').click();
  await row.locator('input[name=key]').evaluate((input) => input.setAttribute('value', 'no_failover/primary:999'));
  await row.getByLabel('Why it is meant to be so').fill('because');
  await row.getByRole('button', { name: 'Accept' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('There is no such finding');
});

test('findings fit a phone, and axe finds no barrier', { tag: '@phone' }, async ({ page }) => {
  await open(page, '/findings');
  await expect(page.getByRole('main')).toContainText(grouped(did).replaceAll(' ', ''));
  await page.getByText('Accept…').first().click();
  await axe(page);
  await shots(page, 'findings');
  await page.setViewportSize({ width: 320, height: 640 });
  await expectNoSidewaysScroll(page);
});
