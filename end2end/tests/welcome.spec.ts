import { OWNER } from '../support/account.ts';
import { awake, expect, expectNoSidewaysScroll, fillOwner, keepSession, open, test, useServer } from '../support/page.ts';

test.describe('before there is an account', () => {
  useServer();

  test('a first visit offers an account of one\'s own or sample data', { tag: ['@core', '@nojs', '@phone'] }, async ({ page }) => {
    await open(page, '/');
    await expect(page).toHaveURL('/welcome');
    await expect(page.getByRole('button', { name: 'Create your account' })).toBeVisible();
    await expect(page.getByRole('button', { name: 'Look around with sample data' })).toBeVisible();
    await expectNoSidewaysScroll(page);
  });

  test('every page leads to the first visit', { tag: '@nojs' }, async ({ page }) => {
    for (const address of ['/dids/manage', '/interconnection/inbound-routes', '/dids/import', '/dids/12065550100']) {
      await open(page, address);
      await expect(page, address).toHaveURL('/welcome');
    }
  });

  test('an empty name is refused beside the field, and what was typed is kept', { tag: '@nojs' }, async ({ page, complaints }) => {
    complaints.expect(/422/);
    await open(page, '/welcome');
    await page.getByLabel('Country').selectOption('GB');
    await page.getByRole('button', { name: 'Create your account' }).click();
    await expect(page.getByLabel('Account name')).toHaveAccessibleDescription(/needed/);
    await expect(page.getByLabel('Account name')).toHaveAttribute('aria-invalid', 'true');
    await expect(page.getByLabel('Country')).toHaveValue('GB');
    await expect(page.getByRole('alert')).toContainText('Nothing was saved');
  });

  test('a name that is too long is refused with the limit, and kept', { tag: '@nojs' }, async ({ page, complaints }) => {
    complaints.expect(/422/);
    await open(page, '/welcome');
    const name = 'x'.repeat(65);
    await page.getByLabel('Account name').fill(name);
    await page.getByRole('button', { name: 'Create your account' }).click();
    await expect(page.getByLabel('Account name')).toHaveAccessibleDescription(/64 characters/);
    await expect(page.getByLabel('Account name')).toHaveValue(name);
  });
});

test.describe('an account of one\'s own', () => {
  const server = useServer();

  test('is created with a name, says what to do first, and is there after a restart', { tag: ['@core', '@nojs'] }, async ({ page }) => {
    await open(page, '/welcome');
    await page.getByLabel('Account name').fill('Böhm & Söhne <GmbH>');
    await page.getByLabel('Country').selectOption('DE');
    await fillOwner(page, OWNER);
    await page.getByRole('button', { name: 'Create your account' }).click();
    await expect(page).toHaveURL('/');
    await expect(page.getByRole('heading', { name: 'First steps' })).toBeVisible();
    await expect(page.getByRole('main').getByRole('link', { name: 'Import your DIDs' })).toBeVisible();
    await awake(page);
    await server().restart();
    await open(page, '/welcome');
    await expect(page).toHaveURL('/');
    await expect(page.getByRole('banner')).toContainText('Böhm & Söhne <GmbH>');
  });
});

test.describe('sample data', () => {
  useServer();

  test('shows a believable account: over 200 DIDs, a dozen routes, findings', { tag: ['@core', '@nojs'] }, async ({ page }) => {
    await open(page, '/welcome');
    await page.getByRole('button', { name: 'Look around with sample data' }).click();
    await expect(page).toHaveURL('/');
    const figure = async (name: RegExp): Promise<number> =>
      Number.parseInt((await page.getByRole('main').getByRole('link', { name }).first().innerText()).replaceAll(',', ''), 10);
    expect(await figure(/^[\d,]+\s*DIDs$/)).toBeGreaterThanOrEqual(200);
    expect(await figure(/inbound routes$/i)).toBeGreaterThanOrEqual(12);
    expect(await figure(/without failover$/)).toBeGreaterThan(0);
    expect(await figure(/routes down$/i)).toBeGreaterThan(0);
    await keepSession(page.context());
    await expect(page.getByRole('heading', { name: 'Findings' })).toBeVisible();
    await expect(page.getByRole('heading', { name: 'Recent changes' })).toBeVisible();
    await awake(page);
  });

  test('has numbers of several countries, and routes of every type', { tag: '@nojs' }, async ({ page }) => {
    await open(page, '/dids/manage');
    expect(await page.getByLabel('Country').locator('option').count()).toBeGreaterThanOrEqual(4);
    await open(page, '/interconnection/inbound-routes');
    for (const type of ['Host', 'Phone Number', 'URI']) {
      await expect(page.getByRole('cell', { name: type, exact: true }).first()).toBeVisible();
    }
  });
});
