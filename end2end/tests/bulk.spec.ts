import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { Account, OWNER, fictional, grouped } from '../support/account.ts';
import { awake, expect, expectNoSidewaysScroll, fillOwner, open, scripted, test, useServer } from '../support/page.ts';

const did = (last: number) => fictional(206, last);
const tick = (page: Page, digits: string) => page.getByRole('checkbox', { name: `Select ${grouped(digits)}` });
const cellOf = (page: Page, digits: string) => page.getByRole('row').filter({ hasText: grouped(digits).replaceAll(' ', '') });

async function choose(page: Page, digits: string[], action: string): Promise<void> {
  await open(page, '/dids/manage');
  for (const one of digits) {
    await tick(page, one).check();
  }
  await page.getByLabel('Choose a DID Action').selectOption(action);
  await page.getByRole('button', { name: 'Apply Action' }).click();
  await expect(page.getByRole('heading', { level: 1, name: action })).toBeVisible();
  await awake(page);
}

test.describe('from a file to a failover route', () => {
  const server = useServer();

  test('numbers are brought in, a route is added, DIDs are ticked, and their failover route is set', { tag: ['@core', '@nojs', '@phone'] }, async ({ page }, info) => {
    await open(page, '/welcome');
    await page.getByLabel('Account name').fill('Harbour Dental');
    await fillOwner(page, OWNER);
    await page.getByRole('button', { name: 'Create your account' }).click();
    await awake(page);

    const file = join(server().folder, `numbers-${info.project.name}.csv`);
    const lines = Array.from({ length: 8 }, (_, n) => `(206) 555-01${String(n).padStart(2, '0')};Chair ${n}`);
    writeFileSync(file, `Phone Number;Name\r\n${lines.join('\r\n')}\r\n`);
    await page.getByRole('main').getByRole('link', { name: 'Import your DIDs' }).click();
    await page.getByLabel('CSV file').setInputFiles(file);
    await page.getByRole('button', { name: 'Check the file' }).click();
    await expect(page.getByRole('status')).toContainText('8 DIDs will be added');
    await page.getByRole('button', { name: 'Import 8 DIDs' }).click();
    await expect(page.getByRole('status')).toContainText('8 DIDs added or changed');
    await awake(page);

    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Inbound Routes' }).click();
    await awake(page);
    await page.getByLabel('Alias for Route').fill('mobile');
    await page.getByLabel('Route Type').selectOption('Phone Number');
    await page.getByLabel('Route value').fill('206 555 0199');
    await page.getByText('What it depends on, and what answers there').click();
    await page.getByLabel('What answers').selectOption('A person\'s phone');
    await page.getByRole('button', { name: 'Add Route' }).click();
    await expect(page.getByRole('status').filter({ hasText: 'The route was added.' })).toBeVisible();
    await awake(page);

    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Manage' }).click();
    await awake(page);
    for (const last of [1, 2, 5]) {
      await tick(page, did(last)).check();
    }
    await page.getByLabel('Choose a DID Action').selectOption('Set Failover Route');
    await page.getByRole('button', { name: 'Apply Action' }).click();
    await expect(page.getByRole('heading', { name: '3 DIDs chosen' })).toBeVisible();
    await awake(page);
    await expectNoSidewaysScroll(page);
    const routes = page.getByLabel(/^Inbound Route/);
    if (scripted()) {
      await expect(page.getByText('Choose an inbound route or a failover plan to see what changes.')).toBeVisible();
      await routes.selectOption('mobile (Phone Number)');
      const after = page.getByRole('heading', { name: 'After this change' }).locator('..');
      const now = page.getByRole('heading', { name: 'Now', exact: true }).locator('..');
      await expect(now).toContainText('Nobody answers. After 6 s');
      await expect(after).toContainText('mobile (a person) answers after 14 s');
      await page.getByLabel('The primary').selectOption('works as usual');
      await expect(after).toContainText('sip-reg answers after 2 s');
    } else {
      await expect(page.locator('noscript').first()).toBeVisible();
      await routes.selectOption('mobile (Phone Number)');
    }
    await page.getByLabel('Reason').fill('the office moves');
    await page.getByRole('button', { name: 'Set Failover Route' }).click();
    await expect(page.getByRole('status')).toContainText('3 DIDs changed');
    await expect(page.getByText('the office moves')).toBeVisible();
    await expectNoSidewaysScroll(page);
    await awake(page);
    const result = page.url();
    await page.reload();
    await expect(page).toHaveURL(result);
    await expect(page.getByRole('status')).toContainText('3 DIDs changed');
    await awake(page);

    await open(page, `/dids/${did(2)}`);
    await expect(page.getByRole('region', { name: 'Routing' })).toContainText(/sip-reg.*fails over to.*mobile/);
    const changes = page.getByRole('region', { name: 'Recent changes' });
    await expect(changes).toContainText('Set Failover Route');
    await expect(changes).toContainText(/Failover: none → mobile/);
    await open(page, `/dids/${did(3)}`);
    await expect(page.getByRole('region', { name: 'Routing' })).toContainText(/sip-reg.*fails over to.*no failover/);

    await server().restart();
    await open(page, '/dids/manage?failover=some');
    await expect(page.getByRole('checkbox', { name: /^Select \+/ })).toHaveCount(3);
  });
});

test.describe('the screens of Choose a DID Action', () => {
  const server = useServer();
  let account: Account;
  let pbx: string;
  let mobile: string;

  test.beforeAll(async () => {
    account = await Account.create(server());
    pbx = await account.addRoute({ alias: 'seattle-pbx', kind: 'host', value: 'pbx.sea.example.com' });
    mobile = await account.addRoute({ alias: 'mobile', kind: 'phone', value: '+12065550199', answerer: 'person' });
    await account.addRoute({ alias: 'own-number', kind: 'phone', value: `+${did(1)}` });
    await account.addRoute({ alias: 'own-in-uri', kind: 'uri', value: `sip:${did(1)}@carrier.example.com` });
    await account.addRoute({ alias: 'own-edge', kind: 'host', value: 'us-west-or.sip.flowroute.com' });
    const rows = Array.from({ length: 40 }, (_, n) => `+${did(n)},Chair ${n},seattle-pbx`);
    await account.importCsv(`number,alias,primary\n${rows.join('\n')}\n`);
  });

  test('what changes is shown DID by DID before it is done', { tag: '@nojs' }, async ({ page }) => {
    await account.editDid(did(20), { primary: mobile, failover: '' });
    await account.editDid(did(21), { primary: pbx, failover: mobile });
    await choose(page, [did(20), did(21), did(22)], 'Set Failover Route');
    await page.getByLabel(/^Inbound Route/).selectOption('mobile (Phone Number)');
    await page.getByRole('button', { name: 'Show what changes' }).click();
    await expect(page.getByRole('status').filter({ hasText: '1 DID will change, 1 already as asked, 1 refused. Nothing has been changed yet.' })).toBeVisible();
    await expect(page.getByLabel(/^Inbound Route/).locator('option:checked')).toHaveText('mobile (Phone Number)');
    const plan = page.getByRole('region', { name: 'What changes', exact: true });
    await expect(plan).toContainText('This is its primary route already');
    await expect(plan).toContainText('as it is');
    await awake(page);
    await page.getByRole('button', { name: 'Set Failover Route' }).click();
    await expect(page.getByRole('status')).toContainText('1 DID changed, 1 already as asked, 1 refused.');
    const refused = page.getByRole('region', { name: 'Refused' });
    await expect(refused).toContainText(grouped(did(20)).replaceAll(' ', ''));
    await expect(refused).toContainText('This is its primary route already');
    await awake(page);
  });

  test('a failover plan is set like a route, and what changes for callers is shown before', { tag: ['@core', '@nojs'] }, async ({ page }) => {
    const suffix = scripted() ? 0 : 1;
    const service = await account.addRoute({ alias: `service-${suffix}`, kind: 'phone', value: '+12065550198', answerer: 'voicemail' });
    await account.addPlan(`Layered ${suffix}`, [{ 'route.0': service, enter_on: 'any_failure' }]);
    const [bare, covered] = [did(24 + suffix), did(26 + suffix)];
    await account.editDid(bare, { primary: pbx, failover: '' });
    await account.editDid(covered, { primary: pbx, failover: mobile });
    await choose(page, [bare, covered], 'Set Failover Route');
    await page.getByLabel(/^Inbound Route/).selectOption(`Layered ${suffix} (1 step)`);
    if (scripted()) {
      const after = page.getByRole('heading', { name: 'After this change' }).locator('..');
      await expect(after).toContainText(`answers after 8 s, in step 1 of Layered ${suffix}`);
      await page.getByText('In every failure').click();
      await expect(page.locator('#steps-diff')).toContainText(/the primary route does not answer at all/);
    }
    if (scripted()) await page.getByLabel('The primary', { exact: true }).selectOption('is busy');
    await page.getByRole('button', { name: 'Show what changes' }).click();
    const callers = page.getByRole('region', { name: 'What changes for callers' });
    // Those with the mobile lose their person when the primary is dead: a machine answers instead.
    await expect(callers.getByRole('status')).toContainText('Of 2 DIDs, in some failure: 1 reaches nobody any more; 2 end elsewhere');
    const rows = callers.getByRole('row');
    await expect(rows.nth(1)).toContainText(/1 DID.*seattle-pbx → mobile/s);
    await expect(rows.nth(1)).toContainText('lost');
    await expect(page.getByRole('region', { name: 'What changes', exact: true })).toContainText(`Layered ${suffix} (1 step)`);
    await awake(page);
    // The failure that was looked at goes along, and stands in the address.
    if (scripted()) {
      await expect(page.getByLabel('The primary', { exact: true }).locator('option:checked')).toHaveText('is busy');
      expect(page.url()).toContain('fails-primary=');
    }
    await page.getByRole('button', { name: 'Set Failover Route' }).click();
    await expect(page.getByRole('status')).toContainText('2 DIDs changed');
    await awake(page);
    await open(page, `/dids/${bare}`);
    await expect(page.getByRole('region', { name: 'Routing' })).toContainText(`Layered ${suffix} (1 step)`);
  });

  test('a DID that was edited in another tab meanwhile is refused and named', { tag: ['@core', '@nojs'] }, async ({ page, context }) => {
    const suffix = scripted() ? 0 : 1;
    const [mine, theirs] = [did(2 + suffix), did(4 + suffix)];
    await choose(page, [mine, theirs], 'Set Failover Route');
    const other = await context.newPage();
    await open(other, `/dids/${theirs}`);
    await other.getByLabel('Alias', { exact: true }).fill('renamed meanwhile');
    await other.getByRole('button', { name: 'Save' }).click();
    await expect(other.getByRole('status').filter({ hasText: 'Saved.' })).toBeVisible();
    await awake(other);
    await page.getByLabel(/^Inbound Route/).selectOption('mobile (Phone Number)');
    await page.getByRole('button', { name: 'Set Failover Route' }).click();
    await expect(page.getByRole('status')).toContainText('1 DID changed, 1 refused.');
    const refused = page.getByRole('region', { name: 'Refused' });
    await expect(refused).toContainText(grouped(theirs).replaceAll(' ', ''));
    await expect(refused).toContainText(/olive@example.com changed it on/);
    await awake(page);
    await open(page, `/dids/${theirs}`);
    await expect(page.getByRole('region', { name: 'Routing' })).toContainText('no failover');
    await expect(page.getByLabel('Alias', { exact: true })).toHaveValue('renamed meanwhile');
  });

  test('when every DID is refused nothing is changed, and the reason is said', { tag: '@nojs' }, async ({ page, complaints }) => {
    complaints.expect(/409/);
    await choose(page, [did(30)], 'Set Failover Route');
    await page.getByLabel(/^Inbound Route/).selectOption('seattle-pbx (Host)');
    await page.getByRole('button', { name: 'Set Failover Route' }).click();
    await expect(page.getByRole('alert')).toContainText('Nothing was changed.');
    await expect(page.getByRole('region', { name: 'Refused' })).toContainText('This is its primary route already');
  });

  test('a route that rings one of our own DIDs cannot be chosen as failover', { tag: '@nojs' }, async ({ page }) => {
    await choose(page, [did(30)], 'Set Failover Route');
    for (const alias of ['own-number', 'own-in-uri', 'own-edge']) {
      await expect(page.getByRole('option', { name: `${alias} (` }), alias).toBeDisabled();
    }
    await expect(page.getByText('A failover that leads back to us')).toBeVisible();
    await choose(page, [did(30)], 'Set Route');
    await expect(page.getByRole('option', { name: 'own-number (' })).toBeEnabled();
  });

  test('a failover to an own DID is refused though the browser sent it', { tag: '@nojs' }, async ({ page, complaints }) => {
    complaints.expect(/409|422/);
    for (const alias of ['own-number', 'own-in-uri', 'own-edge']) {
      await choose(page, [did(31)], 'Set Failover Route');
      await page.getByRole('option', { name: `${alias} (` }).evaluate((option) => ((option as HTMLOptionElement).disabled = false));
      await page.getByLabel(/^Inbound Route/).selectOption({ value: (await account.routeId(alias)) ?? '' });
      await page.getByRole('button', { name: 'Set Failover Route' }).click();
      await expect(page.getByRole('main')).toContainText('would come back to us');
      await awake(page);
    }
  });

  test('the confirm button without a route asks for one and changes nothing', { tag: ['@nojs', '@nojs-only'] }, async ({ page, complaints }) => {
    complaints.expect(/422/);
    await choose(page, [did(32)], 'Set Failover Route');
    await page.locator('select[required]').evaluate((select) => select.removeAttribute('required'));
    await page.getByRole('button', { name: 'Set Failover Route' }).click();
    await expect(page.getByLabel(/^Inbound Route/)).toHaveAccessibleDescription(/needed/);
    await expect(page.getByRole('heading', { name: '1 DID chosen' })).toBeVisible();
  });

  test('a route is set for many DIDs at once, the failover is cleared, and the alias is set and taken away', { tag: ['@core', '@nojs'] }, async ({ page }) => {
    const both = scripted() ? [did(10), did(11)] : [did(12), did(13)];
    const first = both[0] ?? '';
    const done = page.getByRole('status');
    await choose(page, both, 'Set Failover Route');
    await page.getByLabel(/^Inbound Route/).selectOption('mobile (Phone Number)');
    await page.getByRole('button', { name: 'Set Failover Route' }).click();
    await expect(done).toContainText('2 DIDs changed.');
    await awake(page);
    await choose(page, both, 'Clear Failover Route');
    await page.getByRole('button', { name: 'Clear Failover Route' }).click();
    await expect(done).toContainText('2 DIDs changed.');
    await awake(page);
    await choose(page, both, 'Set Route');
    await page.getByLabel(/^Inbound Route/).selectOption('mobile (Phone Number)');
    await page.getByRole('button', { name: 'Set Route' }).click();
    await expect(done).toContainText('2 DIDs changed.');
    await awake(page);
    await choose(page, both, 'Set Alias');
    await page.getByLabel('Alias', { exact: true }).fill('reception');
    await page.getByRole('button', { name: 'Set Alias' }).click();
    await expect(done).toContainText('2 DIDs changed.');
    await awake(page);
    await open(page, `/dids/${first}`);
    await expect(page.getByRole('region', { name: 'Routing' })).toContainText(/mobile.*fails over to.*no failover/);
    await expect(page.getByRole('heading', { level: 1 })).toContainText('reception');
    await choose(page, both, 'Set Alias');
    await page.getByLabel('Or take their aliases away').check();
    await page.getByRole('button', { name: 'Set Alias' }).click();
    await expect(done).toContainText('2 DIDs changed.');
    await awake(page);
  });

  test('an empty alias takes nothing away unless that is asked for', { tag: '@nojs' }, async ({ page, complaints }) => {
    complaints.expect(/422/);
    await choose(page, [did(33)], 'Set Alias');
    await page.getByRole('button', { name: 'Set Alias' }).click();
    await expect(page.getByLabel('Alias', { exact: true })).toHaveAccessibleDescription(/needed/);
    await awake(page);
    await open(page, `/dids/${did(33)}`);
    await expect(page.getByLabel('Alias', { exact: true })).toHaveValue('Chair 33');
  });

  test('an alias that cannot be is refused beside the field, and kept', { tag: '@nojs' }, async ({ page, complaints }) => {
    complaints.expect(/422/);
    await choose(page, [did(33)], 'Set Alias');
    const alias = 'x'.repeat(65);
    await page.getByLabel('Alias', { exact: true }).fill(alias);
    await page.getByRole('button', { name: 'Set Alias' }).click();
    await expect(page.getByLabel('Alias', { exact: true })).toHaveAttribute('aria-invalid', 'true');
    await expect(page.getByLabel('Alias', { exact: true })).toHaveAccessibleDescription(/64 characters/);
    await expect(page.getByLabel('Alias', { exact: true })).toHaveValue(alias);
    await awake(page);
  });

  test('released DIDs are gone from the list, and what they were stays in the history', { tag: ['@core', '@nojs'] }, async ({ page, complaints }) => {
    complaints.expect(/404/);
    const gone = scripted() ? did(36) : did(37);
    await choose(page, [gone], 'Release');
    await page.getByRole('button', { name: 'Release' }).click();
    await expect(page.getByRole('status')).toContainText('1 DID released.');
    await awake(page);
    await open(page, '/dids/manage');
    await expect(cellOf(page, gone)).toHaveCount(0);
    await open(page, `/dids/${gone}`);
    await expect(page.getByRole('heading', { name: 'There is no such DID' })).toBeVisible();
    await page.getByRole('link', { name: /^What was done to/ }).click();
    await expect(page.getByRole('link', { name: /Release/ }).first()).toBeVisible();
    await open(page, '/');
    await expect(page.getByRole('link', { name: /Release/ }).first()).toBeVisible();
  });

  test('the preview before and after follows the drop-down, the faults and the back button', async ({ page }) => {
    await choose(page, [did(34), did(35)], 'Set Failover Route');
    await page.getByLabel(/^Inbound Route/).selectOption('mobile (Phone Number)');
    const after = page.getByRole('heading', { name: 'After this change' }).locator('..');
    await expect(after).toContainText('mobile (a person) answers after 14 s');
    await page.getByLabel('The primary').selectOption('rejects with 503 Service Unavailable');
    await expect(after).toContainText('mobile (a person) answers after 8');
    await page.getByLabel('The failover').selectOption('is busy');
    await expect(after).toContainText('Nobody answers.');
    await page.getByRole('link', { name: 'Overview' }).click();
    await awake(page);
    await page.goBack();
    await awake(page);
    // The screen begins anew with the route; the faults are as the drop-downs say, whether restored or not.
    const silent = (await page.getByLabel('The primary').inputValue()) === 'silent';
    const now = page.getByRole('heading', { name: 'Now', exact: true }).locator('..');
    await expect(now).toContainText(silent ? 'After 6 s' : 'At once');
  });
});
