// The past: a call replayed, anything undone, one thing put back, two moments compared.

import { Account, fictional } from '../support/account.ts';
import { awake, axe, expect, expectNoSidewaysScroll, open, shots, test, useServer } from '../support/page.ts';

const server = useServer();
const did = (last: number) => fictional(206, last);
let account: Account;
let pbx: string;
let mobile: string;
let imported: string;

test.beforeAll(async () => {
  account = await Account.create(server());
  pbx = await account.addRoute({ alias: 'seattle-pbx', kind: 'host', value: 'pbx.sea.example.com' });
  mobile = await account.addRoute({ alias: 'mobile', kind: 'phone', value: '+12065550199', answerer: 'person' });
  const rows = Array.from({ length: 12 }, (_, n) => `+${did(n)},seattle-pbx`);
  imported = version(await account.importCsv(`number,primary\n${rows.join('\n')}\n`));
});

function version(address: string): string {
  return /\d+$/.exec(address)?.[0] ?? '';
}

test('a call of the past is replayed beside the one of today', { tag: ['@core', '@nojs'] }, async ({ page }) => {
  await account.editDid(did(1), { alias: 'Front desk', primary: pbx, failover: mobile });
  await open(page, `/dids/${did(1)}`);
  await page.getByRole('link', { name: 'A call then' }).last().click();
  await expect(page).toHaveURL(new RegExp(`/dids/${did(1)}/replay\\?version=${imported}$`));
  await awake(page);
  await page.getByLabel('What fails').selectOption({ label: 'seattle-pbx: does not answer at all' });
  await page.getByRole('button', { name: 'Replay' }).click();
  await expect(page).toHaveURL(/fault=route/);
  await awake(page);
  await expect(page.getByRole('status')).toContainText('Today the same call goes another way.');
  const call = page.getByRole('region', { name: 'The call' });
  await expect(call).toContainText(`Then: version ${imported}`);
  await expect(call).toContainText(/Nobody answers\. .*mobile answers after/s);
  await expect(page.getByRole('region', { name: 'What changed since' })).toContainText('Failover: none → mobile');
  // With nothing failing, both go alike.
  await page.getByLabel('What fails').selectOption('');
  await page.getByRole('button', { name: 'Replay' }).click();
  await awake(page);
  await expect(page.getByRole('status')).toContainText('Today the same call goes the same way.');
});

test('a moment without a call says why', { tag: '@nojs' }, async ({ page }) => {
  for (const [query, words] of [
    ['at=2001-01-01T00:00&zone=UTC', 'The account did not exist then'],
    ['at=2099-01-01T00:00&zone=Europe/Berlin', 'That moment is yet to come.'],
    ['version=999999', 'The account never had that version'],
    ['version=1', 'was not in the account yet'],
  ] as const) {
    await open(page, `/dids/${did(2)}/replay?${query}`);
    await awake(page);
    await expect(page.getByRole('status'), query).toContainText(words);
  }
  await open(page, `/dids/${did(2)}/replay`);
  await page.getByLabel('Date and time').fill('2099-01-01T09:30');
  await page.getByRole('button', { name: 'Replay' }).click();
  await awake(page);
  await expect(page.getByRole('status')).toContainText('That moment is yet to come.');
});

test('a route that was added goes unless something uses it, and comes back when that is undone', { tag: ['@core', '@nojs'] }, async ({ page }) => {
  await account.addRoute({ alias: 'hall', kind: 'phone', value: '+12065550188' });
  const hall = (await account.routeId('hall')) ?? '';
  await account.editDid(did(3), { primary: pbx, failover: hall });
  await open(page, '/activity');
  await page.getByRole('link', { name: 'Route added: hall' }).click();
  await awake(page);
  const entry = page.url();
  await page.getByRole('link', { name: 'Undo…' }).click();
  await awake(page);
  await expect(page.getByRole('region', { name: 'Left as they are' })).toContainText('It is in use by now, by 1 DID. Take it out of there first.');
  await account.editDid(did(3), { primary: pbx, failover: '' });
  await page.reload();
  await awake(page);
  await page.getByRole('button', { name: 'Undo for 1 thing' }).click();
  await awake(page);
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Undo of Route added: hall');
  expect(await account.routeId('hall')).toBeUndefined();
  const undo = page.url();
  // The entry says so, and so does the list.
  await open(page, new URL(entry).pathname);
  await expect(page.getByRole('main')).toContainText('This was undone:');
  await page.getByRole('link', { name: 'The undo' }).click();
  await expect(page).toHaveURL(undo);
  await awake(page);
  await open(page, '/activity');
  const row = page.getByRole('row').filter({ has: page.getByRole('link', { name: 'Route added: hall', exact: true }) });
  await expect(row.getByRole('link', { name: 'undone' })).toBeVisible();
  // Undoing the undo brings the route back under its own id.
  await open(page, `${new URL(undo).pathname}/undo`);
  await page.getByRole('button', { name: 'Undo for 1 thing' }).click();
  await awake(page);
  expect(await account.routeId('hall')).toBe(hall);
  await open(page, new URL(entry).pathname);
  await expect(page.getByRole('main')).not.toContainText('This was undone:');
});

test('the undo page tells the saved cases that it would break, and asks once more', { tag: '@nojs' }, async ({ page, complaints }) => {
  complaints.expect(/409/);
  await account.editDid(did(5), { primary: pbx, failover: mobile });
  const newest = await account.page('/activity');
  const edited = /href="\/activity\/(\d+)">DID changed/.exec(newest)?.[1] ?? '';
  await account.addCase('Outage', `did=${did(5)}&fault=route:${pbx}=silent`, `route:${mobile}`);
  await open(page, `/activity/${edited}/undo`);
  await awake(page);
  await expect(page.getByRole('region', { name: 'Saved cases that it breaks' })).toContainText('Outage');
  await page.getByRole('button', { name: 'Undo for 1 DID' }).click();
  await awake(page);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('This breaks a saved case');
  await page.getByRole('button', { name: 'Save it nevertheless' }).click();
  await awake(page);
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Undo of DID changed');
  await expect(page.getByText('Broke the saved cases')).toBeVisible();
});

test('a number, a route and a plan are put back to how they were', { tag: ['@core', '@nojs'] }, async ({ page }) => {
  await account.editDid(did(6), { alias: 'One', primary: pbx, failover: mobile });
  await account.editDid(did(6), { alias: 'Two', primary: pbx, failover: '' });
  await open(page, `/dids/${did(6)}`);
  await page.getByRole('link', { name: 'Put back to this…' }).first().click();
  await awake(page);
  await expect(page.getByRole('region', { name: 'What changes', exact: true })).toContainText('Failover: none → mobile');
  await expect(page.getByRole('region', { name: 'What changes for callers' })).toContainText('reaches somebody where nobody answered');
  await page.getByLabel('Reason').fill('as it was');
  await page.getByRole('button', { name: 'Put it back' }).click();
  await awake(page);
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Restored');
  await expect(page.getByText('as it was')).toBeVisible();
  await open(page, `/dids/${did(6)}`);
  await expect(page.getByRole('region', { name: 'Routing' })).toContainText(/fails over to.*mobile/);
  // A route from its own page.
  await open(page, `/interconnection/inbound-routes/${mobile}`);
  await page.getByLabel('Value').fill('+12065550177');
  await page.getByRole('button', { name: /^Save/ }).click();
  await awake(page);
  await open(page, `/interconnection/inbound-routes/${mobile}`);
  await page.getByRole('link', { name: 'Put back to this…' }).click();
  await awake(page);
  await page.getByRole('button', { name: 'Put it back' }).click();
  await awake(page);
  await open(page, `/interconnection/inbound-routes/${mobile}`);
  await expect(page.getByLabel('Value')).toHaveValue('+1 206 555 0199');
  // A plan that is as it was says so.
  const plan = await account.addPlan('Night', [{ 'route.0': mobile }]);
  await open(page, '/activity');
  await page.getByRole('link', { name: 'Failover plan added: Night' }).click();
  await awake(page);
  const at = new URL(page.url()).pathname;
  await open(page, `${at}/restore?plan=${plan}`);
  await awake(page);
  await expect(page.getByRole('status')).toContainText('It is as it was then');
});

test('two moments are compared by what calls do and by what differs', { tag: ['@core', '@nojs'] }, async ({ page }) => {
  await open(page, '/activity');
  await page.getByRole('link', { name: 'Compare two moments' }).click();
  await awake(page);
  await page.getByLabel('From').fill(imported);
  await account.editDid(did(8), { primary: pbx, failover: mobile });
  await page.getByRole('button', { name: 'Compare' }).click();
  await awake(page);
  await expect(page.getByRole('region', { name: 'What became of calls' })).toContainText('Of 12 DIDs, in some failure:');
  await expect(page.getByRole('main')).toContainText(/\d+ DIDs? that differs?/);
  await page.getByLabel('To').fill(imported);
  await page.getByRole('button', { name: 'Compare' }).click();
  await awake(page);
  await expect(page.getByRole('status')).toContainText('Nothing differs.');
  await page.getByLabel('From').fill('2001-01-01T00:00');
  await page.getByRole('button', { name: 'Compare' }).click();
  await awake(page);
  await expect(page.getByRole('status')).toContainText('The account did not exist then');
});

test('activity is looked up by a schedule', { tag: '@nojs' }, async ({ page }) => {
  await account.addSchedule('Office');
  await open(page, '/activity');
  await page.getByLabel('Schedule').selectOption('Office');
  await page.getByRole('button', { name: 'Search' }).click();
  await expect(page).toHaveURL(/schedule=\d/);
  await awake(page);
  await expect(page.getByRole('main').locator('tbody tr')).toHaveCount(1);
  await expect(page.getByRole('link', { name: 'Schedule added: Office' })).toBeVisible();
});

test('the pages of the past fit a phone, and axe finds no barrier', { tag: '@phone' }, async ({ page }) => {
  await account.editDid(did(9), { primary: pbx, failover: mobile });
  for (const [name, address] of [
    ['replay', `/dids/${did(9)}/replay?version=${imported}&fault=route:${pbx}=silent`],
    ['compare', `/activity/compare?from=${imported}`],
    ['restore', `/activity/${imported}/restore?did=${did(9)}`],
    ['undo', '/activity/1/undo'],
  ] as const) {
    await open(page, address);
    await awake(page);
    await axe(page);
    await shots(page, `past-${name}`);
    await page.setViewportSize({ width: 320, height: 640 });
    await expectNoSidewaysScroll(page);
    await page.setViewportSize({ width: 1280, height: 720 });
  }
});
