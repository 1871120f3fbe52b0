// Passkeys, with an authenticator that Chromium plays. Browsers have them by a name only, so the pages are opened as
// http://localhost, in browsers of their own.

import type { Browser, BrowserContext, CDPSession, Page } from '@playwright/test';
import { Account, OWNER } from '../support/account.ts';
import { awake, axe, Complaints, expect, inspect, open, scripted, shots, test, useServer } from '../support/page.ts';

const server = useServer();

test.beforeAll(async () => {
  await Account.create(server());
});

/** A browser at a device that holds passkeys. */
interface Device {
  context: BrowserContext;
  page: Page;
  devtools: CDPSession;
  authenticatorId: string;
  complaints: Complaints;
}

function origin(): string {
  return server().url.replace('127.0.0.1', 'localhost');
}

async function named(browser: Browser): Promise<{ context: BrowserContext; page: Page; complaints: Complaints }> {
  const context = await browser.newContext({ baseURL: origin(), javaScriptEnabled: scripted() });
  const complaints = new Complaints();
  complaints.listen(context, origin());
  // Chromium remarks on what signing out clears.
  complaints.expect(/^console info: Clear-Site-Data header/);
  return { context, page: await context.newPage(), complaints };
}

async function device(browser: Browser): Promise<Device> {
  const { context, page, complaints } = await named(browser);
  const devtools = await context.newCDPSession(page);
  await devtools.send('WebAuthn.enable');
  const { authenticatorId } = await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return { context, page, devtools, authenticatorId, complaints };
}

async function close({ context, complaints }: { context: BrowserContext; complaints: Complaints }): Promise<void> {
  await context.close();
  expect(complaints.unexpected, 'the browser complained').toEqual([]);
}

async function signInWithPassword(page: Page): Promise<void> {
  await open(page, '/sign-in?next=/you');
  await page.getByLabel('E-mail address').fill(OWNER.email);
  await page.getByLabel('Password').fill(OWNER.password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'You' })).toBeVisible();
  await awake(page);
}

/** Goes as far as the browser's question. */
async function askFor(page: Page, name: string): Promise<void> {
  await page.getByRole('link', { name: 'Add a passkey' }).click();
  await page.getByLabel('Name').fill(name);
  await page.getByRole('button', { name: 'Make the passkey' }).click();
}

async function add(page: Page, name: string): Promise<void> {
  await askFor(page, name);
  await expect(page.getByRole('status').filter({ hasText: 'The passkey is yours.' })).toBeVisible();
  await awake(page);
}

async function signOut(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Sign out', exact: true }).click();
  await expect(page).toHaveURL(/\/sign-in$/);
}

async function signIn(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
}

function row(page: Page, name: string) {
  return page.getByRole('region', { name: 'Passkeys' }).getByRole('row').filter({ hasText: name });
}

test('a passkey is added, signs in without a password, and opens nothing any more once it is removed', { tag: ['@core', '@phone'] }, async ({ browser }, info) => {
  const mark = `Laptop ${info.project.name}`;
  const at = await device(browser);
  const { page } = at;
  at.complaints.expect(/422/);
  await signInWithPassword(page);
  await page.getByRole('link', { name: 'Add a passkey' }).click();
  await expect(page.getByLabel('Name')).toHaveValue(/Chrome on/);
  await page.getByRole('link', { name: 'Cancel' }).click();
  await awake(page);
  await add(page, mark);
  await expect(row(page, mark)).toContainText('never');

  await signOut(page);
  await signIn(page);
  await expect(page).toHaveURL('/');
  await awake(page);
  await open(page, '/you');
  await expect(row(page, mark)).toContainText('just now');

  // The same device holds one already, and says so; the page keeps the focus where one goes on.
  await askFor(page, 'Again');
  await expect(page.getByRole('status')).toContainText('holds a passkey of yours already');
  await expect(page.getByRole('button', { name: 'Try again' })).toBeFocused();
  await page.getByRole('link', { name: 'Cancel' }).click();
  await awake(page);

  await page.getByRole('link', { name: `Rename or remove ${mark}` }).click();
  await page.getByLabel('Name').fill(`${mark} of Olive`);
  await page.getByRole('button', { name: 'Save the name' }).click();
  await awake(page);
  await page.getByRole('link', { name: `Rename or remove ${mark} of Olive` }).click();
  await page.getByRole('button', { name: 'Remove this passkey' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'The passkey was removed' })).toBeVisible();
  await awake(page);
  await expect(row(page, mark)).toHaveCount(0);
  await signOut(page);
  await signIn(page);
  await expect(page.getByRole('alert')).toContainText('Nobody can sign in here with this passkey.');
  await close(at);
});

test('a ceremony that is cancelled says so, and goes on where it was', async ({ browser }) => {
  const at = await device(browser);
  const { page, devtools, authenticatorId } = at;
  await signInWithPassword(page);
  await add(page, 'Phone');
  await signOut(page);
  await devtools.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: false });
  await page.goto('/sign-in?next=/dids/manage');
  await signIn(page);
  await expect(page.getByRole('status')).toContainText('It was cancelled, it took too long, or there is no passkey');
  await expect(page.getByRole('button', { name: 'Try again' })).toBeFocused();
  await axe(page);
  await shots(page, 'passkey-cancelled');
  await devtools.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: true });
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL('/dids/manage');
  await awake(page);
  await close(at);
});

test('who signed in too long ago signs in again, with a passkey if they like', async ({ browser }) => {
  const at = await device(browser);
  const { page } = at;
  await signInWithPassword(page);
  await add(page, 'Key');
  await page.goto('/sign-in?next=/you/passkeys');
  await signIn(page);
  await expect(page.getByRole('heading', { level: 1, name: 'Add a passkey' })).toBeVisible();
  await close(at);
});

test('where there is no name, the pages say what to do', { tag: '@nojs' }, async ({ page }) => {
  for (const address of ['/sign-in', '/you']) {
    await open(page, address);
    await expect(page.getByText('Passkeys need a name')).toContainText(`open the portal as ${origin()}, or set --public-url`);
    await expect(page.getByRole('link', { name: origin() })).toBeVisible();
  }
  await expect(page.getByRole('link', { name: 'Add a passkey' })).toHaveCount(0);
});

test('without JavaScript no passkey is offered, and the pages say why', { tag: '@nojs-only' }, async ({ browser }) => {
  const at = await named(browser);
  const { page } = at;
  // Text selectors pass over what stands in a noscript element.
  const why = page.locator('noscript p');
  await page.goto('/sign-in');
  await expect(why).toBeVisible();
  await expect(why).toContainText('Passkeys need JavaScript');
  await expect(page.getByRole('button', { name: 'Sign in with a passkey' })).toHaveCount(0);
  await signInWithPassword(page);
  await page.getByRole('link', { name: 'Add a passkey' }).click();
  await expect(why).toBeVisible();
  await expect(page.getByRole('button', { name: 'Make the passkey' })).toHaveCount(0);
  await close(at);
});

test('the pages of passkeys have no barrier that axe can find, fit a phone, and have their pictures', async ({ browser }) => {
  const at = await device(browser);
  const { page } = at;
  await page.goto('/sign-in');
  await inspect(page, 'passkey-sign-in');
  await signInWithPassword(page);
  await add(page, 'MacBook of Olive');
  await inspect(page, 'passkey-you');
  await page.getByRole('link', { name: 'Add a passkey' }).click();
  await inspect(page, 'passkey-new');
  await page.getByRole('link', { name: 'Cancel' }).click();
  await awake(page);
  await page.getByRole('link', { name: 'Rename or remove MacBook of Olive' }).click();
  await inspect(page, 'passkey-one');
  await close(at);
});
