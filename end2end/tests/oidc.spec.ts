// Signing in by an OIDC provider, which runs on this machine and is another site to the browser.

import type { Browser, BrowserContext, Page } from '@playwright/test';
import { Account, OWNER } from '../support/account.ts';
import { awake, axe, expect, expectNoSidewaysScroll, inspect, open, scripted, test, useServer } from '../support/page.ts';
import { Provider } from '../support/provider.ts';
import { Server } from '../support/server.ts';

let provider: Provider;

test.beforeAll(async () => {
  provider = await Provider.start();
});
test.afterAll(() => provider.stop());

const server = useServer(() => provider.settings);

test.beforeAll(async () => {
  await Account.create(server(), 'Harbour Dental');
});

test.beforeEach(({ complaints }) => {
  complaints.expect(new RegExp(`^third-party request: ${provider.issuer}/`));
});

/** A browser of somebody who is not signed in. */
async function stranger(browser: Browser, url = server().url): Promise<{ context: BrowserContext; page: Page }> {
  const context = await browser.newContext({ baseURL: url, javaScriptEnabled: scripted() });
  return { context, page: await context.newPage() };
}

/** Presses a button that leads to the provider, and says yes or no there. */
async function goTo(page: Page, button: string, answer: 'Allow' | 'Deny' = 'Allow'): Promise<void> {
  await page.getByRole('button', { name: button }).click();
  await expect(page).toHaveURL(new RegExp(`^${provider.issuer}/authorize`));
  await page.getByRole('button', { name: answer }).click();
}

/** Links the owner's account at the provider, if it is not. */
async function link(page: Page): Promise<void> {
  provider.visitor = { sub: 'olive', email: 'olive@acme.example', email_verified: true };
  await open(page, '/you');
  await goTo(page, 'Link Acme');
  await expect(page.getByRole('status').filter({ hasText: 'Linked.' })).toBeVisible();
  await awake(page);
}

test('somebody links the provider, signs in with it to the page that was asked for, and unlinks it', { tag: ['@core', '@nojs', '@phone'] }, async ({ page, browser, complaints }) => {
  complaints.expect(/40[03]/);
  const out = await stranger(browser);
  provider.visitor = { sub: 'olive' };
  await open(out.page, '/dids/manage?q=reception');
  await goTo(out.page, 'Sign in with Acme');
  await expect(out.page.getByRole('alert')).toContainText('Nobody here is linked to this account of Acme');
  await expectNoSidewaysScroll(out.page);

  await link(page);
  await expect(page.getByRole('region', { name: 'Acme' })).toContainText('olive@acme.example');
  await goTo(out.page, 'Sign in with Acme', 'Deny');
  await expect(out.page.getByRole('alert')).toContainText('Acme did not sign you in');
  await expect(out.page.getByText('said by the provider')).toHaveCount(0);
  await goTo(out.page, 'Sign in with Acme');
  await expect(out.page).toHaveURL('/dids/manage?q=reception');
  await awake(out.page);
  const cookies = await out.context.cookies();
  expect(cookies.find(({ name }) => name === '__Host-session')).toMatchObject({ secure: true, httpOnly: true, sameSite: 'Lax' });
  expect(cookies.filter(({ name }) => name === '__Host-flow')).toEqual([]);

  await open(page, '/you');
  await page.getByRole('button', { name: 'Unlink Acme' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'Unlinked.' })).toBeVisible();
  await awake(page);
  await out.page.reload();
  await expect(out.page).toHaveURL(/\/sign-in/);
  await out.context.close();
});

test('an answer for another browser, or one that was given already, signs nobody in', { tag: '@nojs' }, async ({ page, browser }) => {
  await link(page);
  const victim = await stranger(browser);
  const attacker = await stranger(browser);
  await open(attacker.page, '/sign-in');
  await attacker.page.getByRole('button', { name: 'Sign in with Acme' }).click();
  await expect(attacker.page).toHaveURL(new RegExp(`^${provider.issuer}/authorize`));
  // What the provider answers is kept back, to be given to somebody else first.
  const allowed = await fetch(attacker.page.url(), { method: 'POST', body: new URLSearchParams({ do: 'allow' }), redirect: 'manual' });
  const answer = allowed.headers.get('location') ?? '';
  expect(answer).toContain('code=');
  expect((await victim.page.goto(answer))?.status()).toBe(400);
  await expect(victim.page.getByRole('alert')).toContainText('was not begun in this browser');
  await attacker.page.goto(answer);
  await expect(attacker.page).toHaveURL('/');
  await awake(attacker.page);
  expect((await attacker.page.goto(answer))?.status()).toBe(400);
  await victim.context.close();
  await attacker.context.close();
  await open(page, '/you');
  await page.getByRole('button', { name: 'Unlink Acme' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'Unlinked.' })).toBeVisible();
  await awake(page);
});

test('an invitation is accepted with the provider, and a password can be set afterwards', { tag: ['@core', '@nojs'] }, async ({ page, browser }, info) => {
  const email = `nina-${info.project.name}@example.com`;
  await open(page, '/settings/people');
  await page.getByLabel('E-mail address').fill(email);
  await page.getByLabel('Role', { exact: true }).selectOption('viewer');
  await page.getByRole('button', { name: 'Make a link' }).click();
  await awake(page);
  const invitation = new URL(await page.getByLabel('The link').inputValue()).pathname;
  const out = await stranger(browser);
  provider.visitor = { sub: email, name: 'Nina Novak' };
  await open(out.page, invitation);
  await inspect(out.page, 'join-provider');
  await goTo(out.page, 'Accept with Acme');
  await expect(out.page.getByRole('banner')).toContainText('Harbour Dental');
  await awake(out.page);
  await open(out.page, '/you');
  await expect(out.page.getByLabel('Name')).toHaveValue('Nina Novak');
  await expect(out.page.getByRole('region', { name: 'Acme' })).toContainText('It is your only way in');
  await out.page.getByLabel('New password').fill('violet anchor crumb 4');
  await out.page.getByRole('button', { name: 'Set the password' }).click();
  await expect(out.page.getByRole('button', { name: 'Unlink Acme' })).toBeVisible();
  await awake(out.page);
  await out.context.close();
});

test('while the provider is down, its button says so and the password lets in', { tag: '@nojs' }, async ({ browser }) => {
  const gone = await Provider.start();
  const { settings } = gone;
  gone.stop();
  const other = new Server(undefined, settings);
  try {
    await other.start();
    await Account.create(other, 'Harbour Dental');
    const { context, page } = await stranger(browser, other.url);
    await open(page, '/sign-in?next=/you');
    await page.getByRole('button', { name: 'Sign in with Acme' }).click();
    await expect(page.getByRole('alert')).toContainText('Acme cannot be reached now');
    await axe(page);
    await page.getByLabel('E-mail address').fill(OWNER.email);
    await page.getByLabel('Password').fill(OWNER.password);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await expect(page).toHaveURL('/you');
    await awake(page);
    await context.close();
  } finally {
    await other.discard();
  }
});

test('no line of the log, at any level, holds what goes to and fro', async ({ browser }) => {
  const talkative = new Server(undefined, { ...provider.settings, SWITCHBACK_LOG: 'trace' });
  try {
    await talkative.start();
    await Account.create(talkative, 'Harbour Dental');
    const { context, page } = await stranger(browser, talkative.url);
    provider.visitor = { sub: 'subject-of-this-test', email: 'mail-of-this-test@example.com' };
    await open(page, '/sign-in');
    await goTo(page, 'Sign in with Acme');
    await expect(page.getByRole('alert')).toContainText('Nobody here is linked');
    await context.close();
    expect(talkative.log).toMatch(/TRACE/);
    expect(talkative.log).toContain('sign-in refused: provider');
    expect(provider.secrets.length).toBeGreaterThan(5);
    for (const secret of [...provider.secrets, provider.visitor.sub, 'mail-of-this-test']) {
      expect(secret.length).toBeGreaterThan(10);
      expect(talkative.log).not.toContain(secret);
    }
  } finally {
    await talkative.discard();
  }
});

test('the pages with a provider have no barrier that axe can find, fit a phone, and have their pictures', async ({ page, browser }) => {
  test.setTimeout(120_000);
  const out = await stranger(browser);
  await open(out.page, '/sign-in');
  await inspect(out.page, 'sign-in-provider');
  await open(page, '/you');
  await inspect(page, 'you-provider');
  await link(page);
  await inspect(page, 'you-provider-linked');
  // The page on the way stands for a moment only: here without what moves it on.
  await out.page.route('**/sign-in/provider', async (route) => {
    const response = await route.fetch();
    const { refresh, ...headers } = response.headers();
    expect(refresh).toContain(`0; url=${provider.issuer}/authorize?`);
    await route.fulfill({ response, headers });
  });
  await out.page.getByRole('button', { name: 'Sign in with Acme' }).click();
  await expect(out.page.getByRole('heading', { name: 'On to Acme' })).toBeVisible();
  await inspect(out.page, 'to-provider');
  await out.context.close();
});
