// Every page once: no barrier that axe can find, in light and in dark, nothing wider than the window; and a picture of each.

import type { Page } from '@playwright/test';
import { Account, fictional, sampleAccount } from '../support/account.ts';
import { axe, expect, expectNoSidewaysScroll, open, shots, test, useServer } from '../support/page.ts';

let account: Account;
let pbx: string;
let mobile: string;
let version = '';

/** Looks at the page that is shown in every way, and keeps pictures of it. */
async function inspect(page: Page, name: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await axe(page);
  }
  await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1);
  await expect(page).toHaveTitle(/ · Switchback$/);
  await shots(page, name);
  await page.setViewportSize({ width: 320, height: 640 });
  await expectNoSidewaysScroll(page);
}

test.describe('before there is an account', () => {
  useServer();

  test('welcome', async ({ page }) => {
    await open(page, '/welcome');
    await inspect(page, 'welcome');
  });
});

test.describe('with an account', () => {
  const server = useServer();

  test.beforeAll(async () => {
    account = await Account.create(server());
    pbx = await account.addRoute({ alias: 'seattle-pbx', kind: 'host', value: 'pbx.sea.example.com' });
    mobile = await account.addRoute({ alias: 'mobile', kind: 'phone', value: '+12065550199', answerer: 'person' });
    await account.addRoute({ alias: 'own-number', kind: 'phone', value: `+${fictional(206, 3)}` });
    await account.addRoute({ alias: 'private', kind: 'uri', value: 'sips:frontdesk@192.168.0.7:5071;transport=tls' });
    const rows = Array.from({ length: 60 }, (_, n) => `+${fictional(206, n)},Chair ${n},seattle-pbx,${n % 3 ? 'mobile' : ''}`);
    version = /\d+$/.exec(await account.importCsv(`number,alias,primary,failover\n${rows.join('\n')}\n`))?.[0] ?? '';
  });

  for (const [name, address] of [
    ['overview', () => '/'],
    ['inbound-routes', () => '/interconnection/inbound-routes'],
    ['route-edit', () => `/interconnection/inbound-routes/${pbx}`],
    ['route-delete-in-use', () => `/interconnection/inbound-routes/${mobile}/delete`],
    ['manage', () => '/dids/manage'],
    ['manage-empty', () => '/dids/manage?q=nothing'],
    ['did', () => `/dids/${fictional(206, 1)}`],
    ['import', () => '/dids/import'],
    ['preview-page', () => '/preview'],
    ['cases-empty', () => '/preview/cases'],
    ['findings-page', () => '/findings'],
    ['activity', () => '/activity'],
    ['entry', () => `/activity/${version}`],
  ] as const) {
    test(name, async ({ page }) => {
      await open(page, address());
      await inspect(page, name);
    });
  }

  for (const [name, address] of [
    ['404', '/no/such/page'],
    ['400', '/dids/manage?per=51'],
  ] as const) {
    test(name, async ({ page, complaints }) => {
      complaints.expect(/404|400/);
      await page.goto(address);
      await inspect(page, name);
    });
  }

  for (const slug of ['set-route', 'set-failover-route', 'clear-failover-route', 'set-alias', 'release']) {
    test(slug, async ({ page }) => {
      const to = slug.endsWith('route') && slug !== 'clear-failover-route' ? `&to=${mobile}` : '';
      const alias = slug === 'set-alias' ? '&alias=reception' : '';
      const dids = [0, 1, 2].map((last) => fictional(206, last)).join(',');
      await open(page, `/dids/manage/${slug}?dids=${dids}&as_of=${version}${to}${alias}`);
      await expect(page.getByRole('heading', { name: '3 DIDs chosen' })).toBeVisible();
      await inspect(page, slug);
    });
  }

  test('manage with a selection', async ({ page }) => {
    await open(page, '/dids/manage');
    await page.getByRole('checkbox', { name: 'Select all DIDs on this page' }).check();
    await inspect(page, 'manage-selected');
  });

  test('a refused route', async ({ page, complaints }) => {
    complaints.expect(/422/);
    await open(page, '/interconnection/inbound-routes');
    await page.getByLabel('Alias for Route').fill('mobile');
    await page.getByLabel('Route value').fill('user@pbx.example.com');
    await page.getByRole('button', { name: 'Add Route' }).click();
    await expect(page.getByRole('alert')).toBeVisible();
    await inspect(page, 'route-refused');
  });

  test('a dry run with an error', async ({ page }) => {
    await open(page, '/dids/import');
    await page.getByLabel('Or paste rows').fill(`number,alias\n+${fictional(303, 1)},new\n+${fictional(206, 1)},renamed\n911,\n`);
    await page.getByRole('button', { name: 'Check the file' }).click();
    await expect(page.getByRole('heading', { name: 'Check the import' })).toBeVisible();
    await inspect(page, 'import-review');
  });

  test('a bulk action that was refused for every DID', async ({ page, complaints }) => {
    complaints.expect(/409/);
    await open(page, `/dids/manage/set-failover-route?dids=${fictional(206, 1)}&as_of=${version}`);
    await page.getByLabel(/^Inbound Route/).selectOption(pbx);
    await page.getByRole('button', { name: 'Set Failover Route' }).click();
    await expect(page.getByRole('alert')).toContainText('Nothing was changed.');
    await inspect(page, 'nothing-changed');
  });

  test('the help for the keyboard', async ({ page }) => {
    await open(page, '/');
    await page.keyboard.press('?');
    await expect(page.getByRole('dialog')).toBeVisible();
    await axe(page);
  });
});

test.describe('with sample data', () => {
  const sampleServer = useServer();

  test.beforeAll(async () => sampleAccount(sampleServer()));

  for (const [name, address] of [
    ['sample-overview', '/'],
    ['sample-manage', '/dids/manage'],
    ['sample-routes', '/interconnection/inbound-routes'],
  ] as const) {
    test(name, async ({ page }) => {
      await open(page, address);
      await inspect(page, name);
    });
  }
});
