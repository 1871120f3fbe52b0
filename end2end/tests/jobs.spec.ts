import type { Page } from '@playwright/test';
import { Account } from '../support/account.ts';
import { awake, expect, expectNoSidewaysScroll, open, scripted, test, useServer } from '../support/page.ts';

/** As many as a page cannot wait for. */
const DIDS = 100_000;
const HOW_FAR = /[\d,]+ of 100,000 (DIDs|changes)/;

const server = useServer();
let account: Account;

test.beforeAll(async () => {
  test.setTimeout(180_000);
  account = await Account.create(server());
  await account.addRoute({ alias: 'mobile', kind: 'phone', value: '+19495550123', answerer: 'person' });
  const rows = Array.from({ length: DIDS }, (_, n) => `+44113${4_960_000 + n}`);
  await account.importCsv(`number\n${rows.join('\n')}\n`);
});

async function version(): Promise<number> {
  return Number(await account.asOf('/dids/manage'));
}

/** Chooses every DID, and goes to the screen of an action. */
async function chooseAll(page: Page, action: string): Promise<void> {
  await open(page, '/dids/manage');
  if (scripted()) {
    await page.getByRole('checkbox', { name: 'Select all DIDs on this page' }).check();
    await page.getByRole('button', { name: /^Select all [\d,]+\+? matching$/ }).click();
  } else {
    await page.getByLabel(/All [\d,]+\+? matching, not only the ticked ones/).check();
  }
  await page.getByLabel('Choose a DID Action').selectOption(action);
  await page.getByRole('button', { name: 'Apply Action' }).click();
  await expect(page.getByRole('heading', { name: '100,000 DIDs chosen: all that match the filter' })).toBeVisible();
  await awake(page);
}

async function runs(page: Page): Promise<void> {
  await expect(page).toHaveURL(/\/jobs\/[0-9a-f]{32}$/);
  await expect(page.getByRole('heading', { name: 'Under way' })).toBeVisible();
}

test('an action over 100,000 DIDs shows how far it is, also after a reload, and leads to its result', { tag: ['@core', '@nojs', '@phone'] }, async ({ page }) => {
  test.setTimeout(180_000);
  const clears = (await account.page('/dids/manage?failover=none')).includes('No DID matches');
  const action = clears ? 'Clear Failover Route' : 'Set Failover Route';
  await chooseAll(page, action);
  if (!clears) {
    await page.getByLabel(/^Inbound Route/).selectOption('mobile (Phone Number)');
  }
  await page.getByRole('button', { name: action, exact: true }).click();
  await runs(page);
  await expect(page.getByText(HOW_FAR)).toBeVisible();
  await expect(page.getByRole('progressbar', { name: 'How far it is' })).toBeVisible();
  await expectNoSidewaysScroll(page);
  await awake(page);
  await page.reload();
  await expect(page).toHaveURL(/\/activity\/\d+$/, { timeout: 60_000 });
  await expect(page.getByRole('status')).toContainText('100,000 DIDs changed.');
  await awake(page);
});

test('an action that is cancelled changes nothing, and leads back to the same choice', { tag: ['@core', '@nojs'] }, async ({ page }, info) => {
  test.setTimeout(180_000);
  const before = await version();
  await chooseAll(page, 'Set Alias');
  await page.getByRole('textbox', { name: 'Alias' }).fill(`cancelled ${info.project.name}`);
  await page.getByRole('button', { name: 'Set Alias', exact: true }).click();
  await runs(page);
  await page.getByRole('button', { name: 'Cancel' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'It was cancelled. Nothing was changed.' })).toBeVisible();
  await awake(page);
  await page.reload();
  await expect(page.getByRole('status').filter({ hasText: 'It was cancelled. Nothing was changed.' })).toBeVisible();
  await awake(page);
  await page.getByRole('link', { name: 'Back to it, with the same choice' }).click();
  await expect(page.getByRole('heading', { name: '100,000 DIDs chosen: all that match the filter' })).toBeVisible();
  await expect(page.getByRole('textbox', { name: 'Alias' })).toHaveValue(`cancelled ${info.project.name}`);
  await awake(page);
  expect(await version()).toBe(before);
});

test('one undo takes it back, and its progress is seen in place while the focus stays', { tag: '@core' }, async ({ page }) => {
  test.setTimeout(180_000);
  const done = await account.actOnAll('set-alias', { alias: 'to be undone' });
  await open(page, `${done.location}/undo`);
  await page.getByRole('button', { name: /^Undo/ }).first().click();
  await runs(page);
  const cancel = page.getByRole('button', { name: 'Cancel' });
  await cancel.focus();
  const figures = page.getByText(HOW_FAR);
  const first = (await figures.textContent()) ?? '';
  await expect(figures).not.toHaveText(first);
  await expect(cancel).toBeFocused();
  await expect(page).toHaveURL(/\/activity\/\d+$/, { timeout: 60_000 });
  await expect(page.getByRole('status')).toContainText('100,000 DIDs put back');
  await awake(page);
  expect(await account.page('/dids/manage?q=to+be+undone')).toContain('No DID matches');
});

test('a server that dies in the middle of a job says after it that nothing was changed', async ({ page, complaints }) => {
  // The page asks a server that is away.
  complaints.expect(/\/jobs\/|ERR_/);
  test.setTimeout(180_000);
  const before = await version();
  await chooseAll(page, 'Set Alias');
  await page.getByRole('textbox', { name: 'Alias' }).fill('lost');
  await page.getByRole('button', { name: 'Set Alias', exact: true }).click();
  await runs(page);
  await server().crash();
  await server().start();
  await page.goto(page.url());
  await expect(page.getByRole('status').filter({ hasText: 'It was cut off: the server was stopped, or it failed. Nothing was changed.' })).toBeVisible();
  await awake(page);
  expect(await version()).toBe(before);
  // The next one is not kept from running.
  expect((await account.actOnAll('set-alias', { alias: 'found' })).status).toBe(303);
});
