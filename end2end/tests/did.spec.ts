import { execFileSync } from 'node:child_process';
import type { Page } from '@playwright/test';
import { Account, fictional } from '../support/account.ts';
import { awake, expect, expectNoSidewaysScroll, open, test, useServer } from '../support/page.ts';
import { binary } from '../support/server.ts';

const server = useServer();
const did = fictional(206, 0);
const plain = fictional(206, 1);
let account: Account;
let pbx: string;
let mobile: string;
let service: string;

test.beforeAll(async () => {
  account = await Account.create(server());
  pbx = await account.addRoute({ alias: 'seattle-pbx', kind: 'host', value: 'pbx.sea.example.com' });
  mobile = await account.addRoute({ alias: 'mobile', kind: 'phone', value: '+12065550199', answerer: 'person' });
  service = await account.addRoute({ alias: 'service', kind: 'phone', value: '+12065550198', answerer: 'live_answer' });
  await account.importCsv(`number,alias,primary,failover\n+${did},Front desk,seattle-pbx,mobile\n+${plain},,seattle-pbx,\n`);
});

const preview = (page: Page) => page.getByRole('region', { name: 'Failover preview' });
const fate = (page: Page) => preview(page).locator('.fate');

async function fail(page: Page, primary: string, failover?: string): Promise<void> {
  await page.getByLabel('Primary, seattle-pbx').selectOption(primary);
  if (failover) {
    await page.getByLabel('Failover, mobile').selectOption(failover);
  }
}

// At the account's defaults: 6 s for a first response, 20 s of ringing, and the trigger is an outage.
for (const [primary, failover, outcome] of [
  ['works as usual', 'works as usual', 'seattle-pbx answers after 2 s.'],
  ['does not answer at all', 'works as usual', 'mobile (a person) answers after 14 s.'],
  ['has no address in DNS', 'works as usual', 'mobile (a person) answers after 8 s.'],
  ['rejects with 503 Service Unavailable', 'works as usual', 'mobile (a person) answers after 8 s.'],
  ['is down, and marked so by health', 'works as usual', 'mobile (a person) answers after 8 s.'],
  ['does not answer at all', 'has its voicemail answer', 'mobile (a machine: nobody was reached) answers after 8 s.'],
  ['does not answer at all', 'answers after 18 s', 'mobile (a person) answers after 24 s.'],
  ['does not answer at all', 'does not answer at all', 'Nobody answers. After 12 s the caller gets 408 Request Timeout.'],
  ['does not answer at all', 'is busy', 'Nobody answers. After 6 s the caller gets 486 Busy Here.'],
  ['says 100 Trying, then nothing', 'works as usual', 'mobile (a person) answers after 28 s.'],
  // No outage, so no failover: the trigger says so.
  ['is busy', 'works as usual', 'the caller gets 486 Busy Here.'],
  ['declines', 'works as usual', 'the caller gets 603 Decline.'],
  ['rings for ever', 'works as usual', 'Nobody answers. After 20 s'],
  ['rejects with 404 Not Found', 'works as usual', 'the caller gets 404 Not Found.'],
] as const) {
  test(`when the primary ${primary}, and the failover ${failover}: ${outcome}`, async ({ page }) => {
    await open(page, `/dids/${did}`);
    await fail(page, primary, failover);
    await expect(fate(page)).toContainText(outcome);
  });
}

test('the preview says why a step was passed over', async ({ page }) => {
  await open(page, `/dids/${did}`);
  await fail(page, 'is busy');
  await preview(page).getByText('Step by step').click();
  await expect(preview(page).getByRole('table')).toContainText('does not go to the failover route: its trigger does not include 486');
});

test('a number without failover ends with the failure of its primary', async ({ page }) => {
  await open(page, `/dids/${plain}`);
  await fail(page, 'does not answer at all');
  await expect(fate(page)).toContainText('Nobody answers. After 6 s the caller gets 408 Request Timeout.');
  await expect(page.getByLabel(/^Failover,/)).toBeHidden();
});

test('a caller who hangs up early is not answered', async ({ page }) => {
  await open(page, `/dids/${did}`);
  await fail(page, 'does not answer at all');
  await page.getByLabel('The caller hangs up').selectOption('after 10 s');
  await expect(fate(page)).toContainText('The caller hangs up after 10 s.');
});

test('no request leaves the browser while the preview is used', async ({ page }) => {
  await open(page, `/dids/${did}`);
  await page.waitForLoadState('networkidle');
  const sent: string[] = [];
  page.on('request', (request) => sent.push(request.url()));
  for (const fault of await page.getByLabel('Primary, seattle-pbx').locator('option').allInnerTexts()) {
    await fail(page, fault);
    await expect(fate(page)).toBeVisible();
  }
  await page.waitForTimeout(300);
  expect(sent).toEqual([]);
});

for (const [fault, word] of [
  ['does not answer at all', 'silent'],
  ['rejects with 503 Service Unavailable', '503'],
  ['rings for ever', 'rings'],
  ['works as usual', ''],
] as const) {
  test(`the browser and the command line decide alike when the primary ${fault}`, { tag: '@core' }, async ({ page }) => {
    await open(page, `/dids/${did}`);
    await fail(page, fault, 'works as usual');
    const words = ['simulate', `+${did}`, ...(word ? ['--primary', word] : []), '--json', '--database', server().database];
    const trace = JSON.parse(simulate(words)) as { decision_hash: string; version: number };
    expect(trace.decision_hash).toMatch(/^[0-9a-f]{16}$/);
    await expect(preview(page)).toContainText(`decision ${trace.decision_hash}`);
    await expect(preview(page)).toContainText(`Configuration version ${trace.version} `);
  });
}

/** What the command prints, also when it ends with 3 because nobody was reached. */
function simulate(words: string[]): string {
  try {
    return execFileSync(binary, words, { cwd: server().folder, encoding: 'utf8' });
  } catch (error) {
    const ended = error as { status?: number; stdout?: string };
    if (ended.status === 3 && ended.stdout) {
      return ended.stdout;
    }
    throw error;
  }
}

test('what the drop-downs say and what the preview shows agree after the back button', async ({ page }) => {
  await open(page, `/dids/${did}`);
  await fail(page, 'is busy');
  await expect(fate(page)).toContainText('486');
  await page.getByRole('link', { name: 'Overview' }).click();
  await awake(page);
  await page.goBack();
  await awake(page);
  const busy = (await page.getByLabel('Primary, seattle-pbx').inputValue()) === 'busy';
  await expect(fate(page)).toContainText(busy ? '486' : 'answers after 14 s');
});

test('the preview moves with the keyboard alone', async ({ page }) => {
  await open(page, `/dids/${did}`);
  await page.getByLabel('Primary, seattle-pbx').focus();
  const before = await fate(page).innerText();
  await page.keyboard.press('ArrowDown');
  await expect(fate(page)).not.toHaveText(before);
});

test('without JavaScript the page says that the preview needs it, and shows everything else', { tag: ['@nojs', '@nojs-only'] }, async ({ page }) => {
  await open(page, `/dids/${did}`);
  // Text selectors pass over what stands in a noscript element.
  await expect(preview(page).locator('noscript .note')).toBeVisible();
  await expect(preview(page).locator('noscript .note')).toContainText('needs JavaScript');
  await expect(page.getByRole('region', { name: 'Routing' })).toContainText('6 s for a first response, then 20 s of ringing');
});

test('a number\'s routing is changed on its page, and the history says what it was', { tag: ['@core', '@nojs'] }, async ({ page }) => {
  await account.editDid(plain, { primary: pbx, failover: '' });
  await open(page, `/dids/${plain}`);
  await page.getByLabel('Alias', { exact: true }).fill('Fax “two”');
  await page.getByLabel('Failover route or plan').selectOption('mobile (Phone Number)');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'Saved.' })).toBeVisible();
  await expect(page.getByRole('region', { name: 'Recent changes' })).toContainText(/Failover: none → mobile/);
  await expect(page.getByRole('region', { name: 'Recent changes' })).toContainText(/Alias: none → Fax “two”/);
  await awake(page);
  await account.editDid(plain, { primary: pbx, failover: '' });
});

test('the primary as its own failover is refused beside the field, and kept', { tag: '@nojs' }, async ({ page, complaints }) => {
  complaints.expect(/422/);
  await open(page, `/dids/${plain}`);
  await page.getByLabel('Alias', { exact: true }).fill('kept');
  await page.getByLabel('Failover route or plan').selectOption('seattle-pbx (Host)');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByLabel('Failover route or plan')).toHaveAccessibleDescription(/primary route itself/);
  await expect(page.getByLabel('Failover route or plan')).toHaveValue(pbx);
  await expect(page.getByLabel('Alias', { exact: true })).toHaveValue('kept');
  await awake(page);
});

test('of two tabs that edit a number, the second is refused, told what changed, and saves on the second try', { tag: ['@core', '@nojs'] }, async ({ page, complaints }) => {
  complaints.expect(/409/);
  await account.editDid(plain, { primary: pbx, failover: '' });
  await open(page, `/dids/${plain}`);
  await account.editDid(plain, { primary: pbx, failover: mobile });
  await page.getByLabel('Alias', { exact: true }).fill('mine');
  await page.getByRole('button', { name: 'Save' }).click();
  const alert = page.getByRole('alert');
  await expect(alert).toContainText('this number was changed while you were editing it');
  await expect(alert).toContainText(/Failover: none → mobile/);
  await expect(page.getByLabel('Alias', { exact: true })).toHaveValue('mine');
  await awake(page);
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'Saved.' })).toBeVisible();
  await awake(page);
  await account.editDid(plain, { primary: pbx, failover: '' });
});

test('a plan is chosen as the failover, drawn with its steps, and each of its routes can fail in the preview', { tag: '@core' }, async ({ page }) => {
  await account.addPlan('Layered', [
    { 'route.0': mobile, enter_on: 'outage_or_no_answer' },
    { 'route.0': service, enter_on: 'any_failure' },
  ]);
  await open(page, `/dids/${plain}`);
  await page.getByLabel('Failover route or plan').selectOption('Layered (2 steps)');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByRole('status').filter({ hasText: 'Saved.' })).toBeVisible();
  await awake(page);
  const routing = page.getByRole('region', { name: 'Routing' });
  await expect(routing).toContainText(/seattle-pbx.*fails over to.*Layered \(2 steps\)/);
  await expect(routing).toContainText('1. mobile: after an outage, or nobody answering; at all hours; 6 s');
  await expect(routing).toContainText('2. service: after any failure');
  await page.getByLabel('Primary, seattle-pbx').selectOption('does not answer at all');
  await expect(fate(page)).toContainText('mobile (a person) answers after 14 s, in step 1 of Layered');
  await page.getByLabel('Step 1, mobile').selectOption('is busy');
  await expect(fate(page)).toContainText('service (answering service) answers after 8 s, in step 2 of Layered');
  await page.getByRole('link', { name: /^Open it on the desk/ }).click();
  await awake(page);
  await expect(page.getByLabel('Call to').locator('option:checked')).toContainText('seattle-pbx → Layered');
  await account.editDid(plain, { primary: pbx, failover: '' });
});

test('calls are shared by weight, both weights or neither', { tag: ['@core', '@nojs'] }, async ({ page, complaints }) => {
  complaints.expect(/422/);
  await account.editDid(plain, { primary: pbx, failover: mobile });
  await open(page, `/dids/${plain}`);
  await page.getByText('Share calls by weight').click();
  await page.getByLabel('Primary', { exact: true }).fill('70');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByLabel('Primary', { exact: true })).toHaveAccessibleDescription(/One of the two weights is missing/);
  await awake(page);
  await page.getByLabel('Failover', { exact: true }).fill('30');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByRole('region', { name: 'Routing' })).toContainText(/seattle-pbx.*70 : 30.*mobile/);
  await awake(page);
  await account.editDid(plain, { primary: pbx, failover: '' });
});

test('a number\'s page fits a phone, preview included', { tag: '@phone' }, async ({ page }) => {
  await open(page, `/dids/${did}`);
  await expectNoSidewaysScroll(page);
  await fail(page, 'says 100 Trying, then nothing', 'rings for ever');
  await expectNoSidewaysScroll(page);
});

test('where a call comes back to us is said beside the picture, and no failover can lead there', { tag: '@nojs' }, async ({ page }) => {
  const round = fictional(206, 2);
  const own = await account.addRoute({ alias: 'own-number', kind: 'phone', value: `+${plain}` });
  await account.importCsv(`number,alias,primary,failover\n+${round},,own-number,\n`);
  await open(page, `/dids/${round}`);
  const back = page.locator('.note.warn').filter({ hasText: 'comes back to us' });
  await expect(back).toContainText('A call that own-number gets comes back to us as a call to');
  await expect(page.getByLabel('Primary route')).toHaveValue(own);
  await expect(page.getByLabel('Primary route').locator(`option[value="${own}"]`)).toContainText('(leads back to us)');
  await expect(page.getByLabel('Failover route or plan').locator(`option[value="${own}"]`)).toBeDisabled();
  await open(page, '/preview');
  await expect(back).toContainText('as if the call had left');
  await open(page, `/dids/${did}`);
  await expect(back).toHaveCount(0);
});
