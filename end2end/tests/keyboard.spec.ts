import { Account, fictional } from '../support/account.ts';
import { awake, expect, open, test, useServer } from '../support/page.ts';

const server = useServer();

test.beforeAll(async () => {
  const account = await Account.create(server());
  await account.importCsv(`number,alias\n+${fictional(206, 0)},Front desk\n`);
});

test('the first stop of the Tab key skips to the content', { tag: '@nojs' }, async ({ page }) => {
  await open(page, '/dids/manage');
  await page.keyboard.press('Tab');
  const skip = page.getByRole('link', { name: 'Skip to content' });
  await expect(skip).toBeFocused();
  await expect(skip).toBeInViewport();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('main')).toBeFocused();
});

test('the slash goes to the search, and types nothing into it', async ({ page }) => {
  await open(page, '/dids/manage');
  await page.keyboard.press('/');
  const search = page.getByRole('searchbox');
  await expect(search).toBeFocused();
  await expect(search).toHaveValue('');
  await page.keyboard.type('a/b g d ?');
  await expect(search).toHaveValue('a/b g d ?');
  await expect(page).toHaveURL('/dids/manage');
});

test('two letters lead to another page', async ({ page }) => {
  await open(page, '/');
  for (const [second, address] of [['d', '/dids/manage'], ['r', '/interconnection/inbound-routes'], ['p', '/interconnection/failover-plans'], ['a', '/activity'], ['o', '/']] as const) {
    await page.keyboard.press('g');
    await page.keyboard.press(second);
    await expect(page).toHaveURL(address);
    await awake(page);
  }
});

test('keys with Control or Alt are left to the browser', async ({ page }) => {
  await open(page, '/');
  await page.keyboard.press('g');
  await page.keyboard.press('Alt+d');
  await page.waitForTimeout(300);
  await expect(page).toHaveURL('/');
});

test('the question mark opens the help, and Escape closes it', async ({ page }) => {
  await open(page, '/dids/manage');
  await page.keyboard.press('?');
  const help = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
  await expect(help).toBeVisible();
  await expect(help).toContainText('Go to Manage your DIDs');
  await page.keyboard.press('Escape');
  await expect(help).toBeHidden();
});

test('the shortcuts can be switched off and on, and the choice is kept', async ({ page }) => {
  await open(page, '/');
  const help = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
  await page.keyboard.press('?');
  await help.getByRole('checkbox', { name: 'Shortcuts are on' }).uncheck();
  await help.getByRole('button', { name: 'Close' }).click();
  await expect(help).toBeHidden();
  await page.reload();
  await awake(page);
  await page.keyboard.press('g');
  await page.keyboard.press('d');
  await page.waitForTimeout(500);
  await expect(page).toHaveURL('/');
  // No key opens the help now; its button does.
  await page.getByRole('button', { name: 'Keyboard shortcuts' }).click();
  await expect(help.getByRole('checkbox', { name: 'Shortcuts are on' })).not.toBeChecked();
  await help.getByRole('checkbox', { name: 'Shortcuts are on' }).check();
  await page.keyboard.press('Escape');
  await page.keyboard.press('g');
  await page.keyboard.press('d');
  await expect(page).toHaveURL('/dids/manage');
  await awake(page);
});

test('ticks, the action and its button are reached and worked with the keyboard alone', async ({ page }) => {
  await open(page, '/dids/manage');
  await page.getByRole('checkbox', { name: /^Select \+/ }).focus();
  await page.keyboard.press('Space');
  await expect(page.getByRole('group', { name: 'Bulk action' }).getByRole('status')).toHaveText('1 of 1 selected');
  await page.getByLabel('Choose a DID Action').focus();
  await page.keyboard.type('Set Ali');
  await page.keyboard.press('Tab');
  await expect(page.getByRole('button', { name: 'Apply Action' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: 'Set Alias' })).toBeVisible();
  await awake(page);
});
