// Saved cases: calls with what they should come to, held against every change.

import { execFileSync, spawnSync } from 'node:child_process';
import { Account, fictional } from '../support/account.ts';
import { awake, axe, expect, expectNoSidewaysScroll, open, scripted, shots, test, useServer } from '../support/page.ts';
import { binary } from '../support/server.ts';

const server = useServer();
const did = fictional(206, 0);
const other = fictional(206, 1);
const call = `did=%2B${did}&fault=site:Seattle%3Dsilent`;
let account: Account;
let pbx: string;
let mobile: string;
let service: string;

test.beforeAll(async () => {
  account = await Account.create(server());
  pbx = await account.addRoute({ alias: 'seattle-pbx', kind: 'host', value: 'pbx.sea.example.com', site: 'Seattle' });
  mobile = await account.addRoute({ alias: 'mobile', kind: 'phone', value: '+12125550199', answerer: 'person' });
  service = await account.addRoute({ alias: 'service', kind: 'phone', value: '+12125550198', answerer: 'live_answer' });
  await account.importCsv(`number,alias,primary,failover\n+${did},Front desk,seattle-pbx,mobile\n+${other},,seattle-pbx,\n`);
});

test.beforeEach(async () => {
  for (const id of (await account.page('/preview/cases')).matchAll(/href="\/preview\/cases\/(\d+)"/g)) {
    await account.deleteCase(id[1] ?? '');
  }
  await account.editDid(did, { primary: pbx, failover: mobile });
});

test('the call that the desk shows is saved, edited, opened again and deleted', { tag: '@core' }, async ({ page }) => {
  await open(page, `/preview?${call}`);
  await expect(page.getByText('What is saved:')).toHaveText(
    'What is saved: A call to +1 206 555 0100, while the site Seattle does not answer at all; as if every hour were open; no route counts as down.',
  );
  await page.getByLabel('Name', { exact: true }).fill('Seattle dark');
  await page.getByLabel('Who should answer').selectOption({ label: 'mobile' });
  await page.getByLabel('Within, in seconds').fill('15');
  await page.getByRole('button', { name: 'Save case' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'The case was saved.' })).toBeVisible();
  const row = page.getByRole('row').filter({ hasText: 'Seattle dark' });
  await expect(row).toContainText('A call to +1 206 555 0100, while the site Seattle does not answer at all');
  await expect(row).toContainText('reaches mobile within 15 s');
  await expect(row).toContainText(/✓Holds.*mobile answers after 14 s/s);
  await awake(page);

  await row.getByRole('link', { name: 'Seattle dark' }).click();
  await awake(page);
  await page.getByLabel('Within, in seconds').fill('10');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(row).toContainText(/!Too late.*mobile answers after 14 s/s);
  await expect(page.getByRole('status').filter({ hasText: 'It does not hold.' })).toBeVisible();
  await awake(page);

  await row.getByRole('link', { name: 'Open in the preview' }).click();
  await awake(page);
  await expect(page.locator('#outcome .fate')).toContainText('mobile (a person) answers after 14 s');
  await page.getByRole('group', { name: 'Failure 1' }).getByLabel('How').selectOption({ label: 'refuses the connection' });
  await page.getByRole('button', { name: 'Save to “Seattle dark”' }).click();
  await expect(row).toContainText('while the site Seattle refuses the connection');
  await awake(page);

  await row.getByRole('link', { name: 'Seattle dark' }).click();
  await page.getByRole('link', { name: 'Delete…' }).click();
  await page.getByRole('button', { name: 'Delete case' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'The case was deleted.' })).toBeVisible();
  await expect(page.getByRole('main')).toContainText('No case is saved yet.');
  await awake(page);
});

test('a case without a name, or with a name twice, is refused beside the field, and what was typed is kept', { tag: '@nojs' }, async ({ page, complaints }) => {
  complaints.expect(/422/);
  await account.addCase('Taken', call, 'somebody');
  await open(page, `/preview?${call}`);
  await page.getByLabel('Name', { exact: true }).fill('taken');
  await page.getByLabel('Who should answer').selectOption({ label: 'an answering service' });
  await page.getByLabel('Within, in seconds').fill('12.5');
  await page.getByRole('button', { name: 'Save case' }).click();
  await expect(page.getByLabel('Name', { exact: true })).toHaveAccessibleDescription(/Another saved case is called so already/);
  await expect(page.getByLabel('Who should answer')).toHaveValue('live_answer');
  await expect(page.getByLabel('Within, in seconds')).toHaveValue('12.5');
  await page.getByLabel('Name', { exact: true }).fill('Free');
  await page.getByLabel('Within, in seconds').fill('soon');
  await awake(page);
  await page.getByRole('button', { name: 'Save case' }).click();
  await expect(page.getByLabel('Within, in seconds')).toHaveAccessibleDescription(/Write a number of seconds up to 120/);
  await awake(page);
});

test('a change that breaks a case is shown before it is saved, and needs a confirmation', { tag: ['@core', '@nojs'] }, async ({ page, complaints }) => {
  complaints.expect(/409/);
  await account.addCase('Seattle dark', call, `route:${mobile}`, '15');
  await open(page, `/dids/${did}`);
  await page.getByLabel('Failover route or plan').selectOption('service (Phone Number)');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('This breaks a saved case');
  const row = page.getByRole('row').filter({ hasText: 'Seattle dark' });
  await expect(row).toContainText(/Holds.*mobile answers after 14 s/s);
  await expect(row).toContainText(/Ends elsewhere.*service answers after 8 s/s);
  await awake(page);
  if (scripted()) {
    await axe(page);
    await shots(page, 'confirm');
  }
  // Nothing was saved, and the way back leads to the number, with what was chosen.
  await page.getByRole('link', { name: 'Go back without saving' }).click();
  await expect(page.getByLabel('Failover route or plan')).toHaveValue(service);
  await awake(page);
  await open(page, `/dids/${did}`);
  await expect(page.getByLabel('Failover route or plan')).toHaveValue(mobile);

  await page.getByLabel('Failover route or plan').selectOption('service (Phone Number)');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await awake(page);
  await page.getByRole('button', { name: 'Save it nevertheless' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'Saved.' })).toBeVisible();
  await expect(page.getByLabel('Failover route or plan')).toHaveValue(service);
  await awake(page);
  // The history names it.
  await page.getByRole('region', { name: 'Recent changes' }).getByRole('link', { name: 'DID changed' }).first().click();
  await expect(page.getByRole('main')).toContainText(/Broke the saved cases\s*Seattle dark/);
  await awake(page);
  // It is broken already: the next change needs no confirmation for it.
  await account.editDid(did, { alias: 'Renamed', primary: pbx, failover: service });
});

test('a bulk action that breaks a case asks before it is applied', { tag: '@nojs' }, async ({ page, complaints }) => {
  complaints.expect(/409/);
  await account.addCase('Seattle dark', call, 'somebody', '15');
  await open(page, '/dids/manage');
  await page.getByRole('checkbox', { name: 'Select +1 206 555 0100' }).check();
  await page.getByLabel('Choose a DID Action').selectOption('Clear Failover Route');
  await page.getByRole('button', { name: 'Apply Action' }).click();
  await awake(page);
  await page.getByLabel('Reason').fill('spring cleaning');
  await page.getByRole('button', { name: 'Clear Failover Route' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('This breaks a saved case');
  await awake(page);
  await page.getByRole('link', { name: 'Go back without saving' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Clear Failover Route');
  await awake(page);
  await page.getByRole('button', { name: 'Clear Failover Route' }).click();
  await awake(page);
  await page.getByRole('button', { name: 'Save it nevertheless' }).click();
  await expect(page.getByRole('status')).toContainText('1 DID changed');
  await awake(page);
});

test('an edited route that breaks a case asks too', { tag: '@nojs' }, async ({ page, complaints }) => {
  complaints.expect(/409/);
  await account.addCase('Within a minute', call, `route:${mobile}`, '10.5');
  await account.addCase('A person', call, 'person');
  await open(page, `/interconnection/inbound-routes/${mobile}`);
  await page.getByText('What it depends on, and what answers there').click();
  await page.getByLabel('What answers').selectOption({ index: 0 });
  await page.getByRole('button', { name: /^Save for/ }).click();
  await expect(page.getByRole('row').filter({ hasText: 'A person' })).toContainText('Ends elsewhere');
  await expect(page.getByRole('main')).not.toContainText('Within a minute');
  await awake(page);
});

test('the command line runs the same cases', async () => {
  await account.addCase('Seattle dark', call, 'somebody', '15');
  const words = ['test', '--database', server().database];
  expect(execFileSync(binary, words, { cwd: server().folder, encoding: 'utf8' })).toContain('Seattle dark');
  await account.addCase('Too soon', call, 'somebody', '1');
  // It says which case fails, and that one does.
  const failed = spawnSync(binary, words, { cwd: server().folder, encoding: 'utf8' });
  expect(failed.status).toBe(1);
  expect(failed.stdout).toMatch(/^FAILS {2}Too soon/m);
  expect(failed.stdout).toMatch(/^holds {2}Seattle dark/m);
});

test('an import that breaks a case stops on the command line too, until the case is named', async () => {
  await account.addCase('Seattle dark', call, `route:${mobile}`, '15');
  const csv = `number,failover\n+${did},service\n`;
  const run = (...more: string[]) =>
    spawnSync(binary, ['import', '-', '--database', server().database, ...more], {
      cwd: server().folder,
      encoding: 'utf8',
      input: csv,
    });
  const stopped = run();
  expect(stopped.status).toBe(1);
  expect(stopped.stderr).toContain("Nothing was imported. If that is meant, run it again with --break-case 'Seattle dark'");
  expect(run('--break-case', 'Nobody').stderr).toContain('no saved case is called Nobody');
  const done = run('--break-case', 'Seattle dark');
  expect(done.stderr).toBe('');
  expect(done.stdout).toContain('imported: 0 added, 1 changed');
});

test('the list of cases fits a phone, and axe finds no barrier', { tag: '@phone' }, async ({ page }) => {
  await account.addCase('Seattle dark', call, 'somebody', '15');
  await account.addCase('Too soon', `${call}&at=2026-11-29T03:00&zone=America/Los_Angeles&hangs_up=30`, 'nobody', '1');
  await open(page, '/preview/cases');
  await axe(page);
  await shots(page, 'cases');
  await page.setViewportSize({ width: 320, height: 640 });
  await expectNoSidewaysScroll(page);
});
