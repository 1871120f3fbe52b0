// People: two customers and a support person side by side, each in a browser of their own; and what guards a sign-in.

import type { Browser, BrowserContext, Page } from '@playwright/test';
import { Account, OWNER, csv, fictional } from '../support/account.ts';
import { awake, expect, expectNoSidewaysScroll, inspect, open, scripted, test, useServer } from '../support/page.ts';

const server = useServer();
let account: Account;

test.beforeAll(async () => {
  account = await Account.create(server(), 'Harbour Dental');
  await account.addRoute({ alias: 'front-desk', kind: 'host', value: 'pbx.example.com' });
  await account.importCsv(csv('number,alias,primary', [`+${fictional(206, 1)},Reception,front-desk`, `+${fictional(206, 2)},Billing,front-desk`]));
});

/** A browser of somebody else, who is not signed in. */
async function stranger(browser: Browser): Promise<{ context: BrowserContext; page: Page }> {
  const context = await browser.newContext({ baseURL: server().url, javaScriptEnabled: scripted() });
  return { context, page: await context.newPage() };
}

/** The link that a page shows once, as a path. */
async function shownLink(page: Page): Promise<string> {
  return new URL(await page.getByLabel('The link').inputValue()).pathname;
}

/** Invites somebody to the account of a page that shows People. */
async function invite(page: Page, email: string, role: string): Promise<string> {
  await page.getByLabel('E-mail address').fill(email);
  await page.getByLabel('Role', { exact: true }).selectOption(role);
  await page.getByRole('button', { name: 'Make a link' }).click();
  await awake(page);
  return shownLink(page);
}

/** Accepts an invitation as somebody new. */
async function accept(page: Page, link: string, name: string, password: string): Promise<void> {
  await open(page, link);
  await page.getByLabel('Your name').fill(name);
  await page.getByLabel('Choose a password').fill(password);
  await page.getByRole('button', { name: 'Accept and sign in' }).click();
  await awake(page);
}

async function signIn(page: Page, email: string, password: string): Promise<void> {
  await page.getByLabel('E-mail address').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await awake(page);
}

test('two customers and a support person work side by side, and each sees what is theirs', { tag: ['@core', '@nojs'] }, async ({ page, browser, complaints }, info) => {
  test.setTimeout(120_000);
  complaints.expect(/40[34]|422/);
  const mark = info.project.name;
  // The administrator makes another account and invites its owner, and somebody for support.
  await open(page, '/accounts');
  await page.getByLabel('Account name').fill(`Contoso ${mark}`);
  await page.getByRole('button', { name: 'Create the account' }).click();
  await awake(page);
  await expect(page.getByRole('heading', { level: 1, name: 'People' })).toBeVisible();
  const toContoso = await invite(page, `carol-${mark}@example.com`, 'owner');
  await open(page, '/people');
  await page.getByLabel('E-mail address').fill(`sid-${mark}@example.com`);
  await page.getByRole('button', { name: 'Make a link' }).click();
  const toSupport = await shownLink(page);
  // Reloaded, the form is sent once more: the link that was shown stays the one that works.
  await page.reload();
  await awake(page);
  await expect(page.getByText('This person is invited already').first()).toBeVisible();

  const carol = await stranger(browser);
  await accept(carol.page, toContoso, 'Carol', 'violet anchor crumb 4');
  await expect(carol.page).toHaveURL('/');
  await expect(carol.page.getByRole('banner')).toContainText(`Contoso ${mark}`);
  const sid = await stranger(browser);
  await accept(sid.page, toSupport, 'Sid', 'copper lantern moss 7');
  await expect(sid.page.getByRole('heading', { name: 'Support desk' })).toBeVisible();

  // The other customer's number does not exist for Carol, by whatever address.
  const number = fictional(206, 1);
  for (const address of [`/dids/${number}`, `/accounts/1/dids/${number}`, '/accounts/1/dids/manage']) {
    expect((await carol.page.goto(address))?.status(), address).toBe(404);
  }

  // Support finds it, read-only, and is told that it is on record.
  await open(sid.page, '/accounts');
  await sid.page.getByRole('link', { name: 'Harbour Dental' }).click();
  await awake(sid.page);
  await expect(sid.page.getByRole('banner')).toContainText('Visiting: read-only, and on record');
  await sid.page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Manage' }).click();
  await awake(sid.page);
  await expect(sid.page).toHaveURL('/accounts/1/dids/manage');
  await expect(sid.page.getByRole('link', { name: 'Import DIDs' })).toHaveCount(0);
  await sid.page.locator(`a[href="/accounts/1/dids/${number}"]`).click();
  await awake(sid.page);
  await expect(sid.page).toHaveURL(new RegExp(`/accounts/1/dids/${number}`));
  await expect(sid.page.getByRole('button', { name: 'Save' })).toBeDisabled();

  // The owner sees who looked, and lets support change the account for an hour.
  await open(page, '/settings/looks');
  await expect(page.getByRole('row').filter({ hasText: `/accounts/1/dids/${number}` }).first()).toContainText('Sid');
  await open(page, '/settings/people');
  await page.getByLabel('Let support change it').fill('1');
  await page.getByRole('button', { name: 'Allow it' }).click();
  await awake(page);
  await expect(page.getByRole('region', { name: 'Support' })).toContainText('Support may change this account until');

  await open(sid.page, '/accounts/1/dids/manage');
  await expect(sid.page.getByRole('link', { name: 'Import DIDs' })).toBeVisible();
  await open(sid.page, `/accounts/1/dids/${number}`);
  await sid.page.getByLabel('Alias', { exact: true }).fill(`Reception ${mark}`);
  await sid.page.getByRole('button', { name: 'Save' }).click();
  await awake(sid.page);
  await expect(sid.page.getByRole('status').filter({ hasText: 'Saved.' })).toBeVisible();

  // Who changed this? Sid, for Olive.
  await open(page, '/activity');
  await page.getByRole('link', { name: /DID changed/ }).first().click();
  await awake(page);
  await expect(page.getByText(`sid-${mark}@example.com`)).toBeVisible();
  await expect(page.locator('dl')).toContainText(`On behalf of${OWNER.email}`);
  await expect(page.locator('dl')).toContainText('From127.0.0.1');
  await open(page, '/settings/people');
  await page.getByRole('button', { name: 'End it now' }).click();
  await awake(page);
  await carol.context.close();
  await sid.context.close();
});

test('a stranger signs in and goes on to the page that was asked for', { tag: ['@core', '@nojs', '@phone'] }, async ({ browser }) => {
  const { context, page } = await stranger(browser);
  await open(page, '/dids/manage?q=reception');
  await expect(page).toHaveURL(/\/sign-in\?next=/);
  await expectNoSidewaysScroll(page);
  await signIn(page, OWNER.email, 'not the password');
  await expect(page.getByRole('alert')).toContainText('do not belong together');
  await expect(page.getByLabel('E-mail address')).toHaveValue(OWNER.email);
  await expect(page.getByLabel('Password')).toHaveValue('');
  await signIn(page, OWNER.email, OWNER.password);
  await expect(page).toHaveURL('/dids/manage?q=reception');
  const cookies = await context.cookies();
  const session = cookies.find(({ name }) => name === '__Host-session');
  expect(session).toMatchObject({ secure: true, httpOnly: true, sameSite: 'Lax', path: '/' });
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page).toHaveURL('/sign-in');
  await page.goBack();
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
  await context.close();
});

test('a form of a session that has ended changes nothing, and is kept to be sent again', { tag: '@nojs' }, async ({ browser }, info) => {
  const alias = `typed and kept ${info.project.name}`;
  const { context, page } = await stranger(browser);
  await open(page, '/sign-in?next=/interconnection/inbound-routes');
  await signIn(page, OWNER.email, OWNER.password);
  await page.getByLabel('Alias for Route').fill(alias);
  await page.getByLabel('Route value').fill('kept.example.com');
  const other = await context.newPage();
  await open(other, '/you');
  await other.getByRole('button', { name: 'Sign out', exact: true }).click();
  await page.getByRole('button', { name: 'Add Route' }).click();
  await expect(page.getByRole('alert')).toContainText('Nothing was changed');
  await open(other, '/sign-in');
  await signIn(other, OWNER.email, OWNER.password);
  await page.getByRole('button', { name: 'Send it again' }).click();
  await expect(page.getByRole('link', { name: alias })).toBeVisible();
  await context.close();
});

test('who belongs to two accounts chooses, and works in both at once in two tabs', { tag: '@core' }, async ({ page, browser }) => {
  await open(page, '/accounts');
  await page.getByLabel('Account name').fill('Two Towers');
  await page.getByRole('button', { name: 'Create the account' }).click();
  await awake(page);
  const second = /\/accounts\/(\d+)\//.exec(page.url())?.[1] ?? '';
  const link = await invite(page, 'both@example.com', 'editor');
  await open(page, '/settings/people');
  const other = await invite(page, 'both@example.com', 'editor');
  const both = await stranger(browser);
  await accept(both.page, link, 'Both', 'violet anchor crumb 4');
  await open(both.page, other);
  await both.page.getByRole('button', { name: 'Accept' }).click();
  await expect(both.page.getByRole('listitem')).toHaveCount(2);
  const tab = await both.context.newPage();
  await open(both.page, `/accounts/${second}/interconnection/inbound-routes`);
  await open(tab, '/accounts/1/interconnection/inbound-routes');
  await both.page.getByLabel('Alias for Route').fill('of the towers');
  await both.page.getByLabel('Route value').fill('towers.example.com');
  await both.page.getByRole('button', { name: 'Add Route' }).click();
  await awake(both.page);
  await expect(both.page).toHaveURL(new RegExp(`^${server().url}/accounts/${second}/interconnection/inbound-routes`));
  await expect(both.page.getByRole('link', { name: 'of the towers' })).toBeVisible();
  await tab.reload();
  await awake(tab);
  await expect(tab.getByRole('link', { name: 'of the towers' })).toHaveCount(0);
  // Shortcuts stay in the account, too.
  await both.page.keyboard.press('g');
  await both.page.keyboard.press('d');
  await expect(both.page).toHaveURL(`/accounts/${second}/dids/manage`);
  await both.context.close();
});

test('a token is shown once, reads with curl, and works no more when it is revoked', { tag: '@nojs' }, async ({ page, playwright, complaints }, info) => {
  complaints.expect(/422/);
  const name = `nightly ${info.project.name}`;
  await open(page, '/settings/tokens');
  await page.getByLabel('What it is for').fill(name);
  await page.getByLabel('For how many days').fill('0');
  await page.getByRole('button', { name: 'Make the token' }).click();
  await awake(page);
  await expect(page.getByLabel('For how many days')).toHaveAccessibleDescription(/from 1 to 366/);
  await page.getByLabel('For how many days').fill('30');
  await page.getByRole('button', { name: 'Make the token' }).click();
  await awake(page);
  const token = await page.getByLabel('The token').inputValue();
  expect(token).toMatch(/^swb_[0-9a-f]{64}$/);
  await open(page, '/settings/tokens');
  await expect(page.getByLabel('The token')).toHaveCount(0);
  const program = await playwright.request.newContext({ baseURL: server().url, extraHTTPHeaders: { authorization: `Bearer ${token}` } });
  expect(await (await program.get('/dids/download.csv')).text()).toContain(`+${fictional(206, 1)}`);
  const form = { alias: 'x', kind: 'host', value: 'x.example.com' };
  expect((await program.post('/interconnection/inbound-routes', { form })).status()).toBe(403);
  await page.getByRole('button', { name: `Revoke ${name}` }).click();
  await expect(page.getByRole('status').filter({ hasText: 'The token was revoked' })).toBeVisible();
  expect((await program.get('/dids/download.csv')).status()).toBe(401);
  await program.dispose();
});

test('the last owner cannot leave, and the page says what to do', { tag: '@nojs' }, async ({ page, complaints }) => {
  complaints.expect(/409/);
  await open(page, '/settings/people');
  await page.getByRole('button', { name: 'Leave this account' }).click();
  await expect(page.getByRole('alert')).toContainText('Make somebody else an owner first');
});

test('an authenticator app is set up by picture or by key, and its page says when a code is wrong', { tag: '@nojs' }, async ({ page, complaints }) => {
  complaints.expect(/422/);
  await open(page, '/you');
  await page.getByRole('link', { name: 'Set up an authenticator app' }).click();
  await expect(page.getByRole('img', { name: 'QR code' })).toBeVisible();
  const key = await page.locator('code').first().innerText();
  await page.getByLabel('Code that the app shows').fill('000000');
  await page.getByRole('button', { name: 'Switch it on' }).click();
  await expect(page.getByRole('alert')).toContainText('It is not on yet');
  await expect(page.locator('code').first()).toHaveText(key);
});

test('the pages of people have no barrier that axe can find, fit a phone, and have their pictures', async ({ page, browser }) => {
  test.setTimeout(120_000);
  await open(page, '/settings/people');
  await invite(page, 'pictured@example.com', 'viewer');
  for (const [name, address] of [
    ['you', '/you'],
    ['second-factor', '/you/second-factor'],
    ['team', '/settings/people'],
    ['looks', '/settings/looks'],
    ['tokens', '/settings/tokens'],
    ['accounts', '/accounts'],
    ['server-people', '/people'],
  ] as const) {
    await open(page, address);
    await inspect(page, name);
  }
  const { context, page: out } = await stranger(browser);
  await open(out, '/sign-in');
  await inspect(out, 'sign-in');
  await context.close();
});
