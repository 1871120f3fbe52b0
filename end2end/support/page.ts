// What every test file imports: a server for the file, and pages that fail a test when the browser complains.

import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AxeResults } from 'axe-core';
import { type BrowserContext, type Page, expect, test as base } from '@playwright/test';
import { Server } from './server.ts';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const shotsFolder = join(dirname(fileURLToPath(import.meta.url)), '../shots');

let current: Server | undefined;

/** Call it once at the top of a test file: its tests share one server and one database that was empty at the start. */
export function useServer(settings: () => Record<string, string> = () => ({})): () => Server {
  base.beforeAll(async () => {
    current = new Server(undefined, settings());
    await current.start();
  });
  base.afterAll(async () => {
    await current?.discard();
    current = undefined;
  });
  return () => {
    if (!current) {
      throw new Error('the server runs only while a test does');
    }
    return current;
  };
}

/** What the browser complained about. A test fails if anything is left in it at its end. */
export class Complaints {
  private readonly heard: string[] = [];
  private readonly expected: RegExp[] = [];

  /** This complaint belongs to the test: a page that answers 404, say. */
  expect(pattern: RegExp): void {
    this.expected.push(pattern);
  }

  /** Everything heard that no test expected. */
  get unexpected(): string[] {
    return this.heard.filter((one) => !this.expected.some((pattern) => pattern.test(one)));
  }

  listen(context: BrowserContext, origin: string | undefined): void {
    const hear = (text: string): void => void this.heard.push(text);
    if (!scripted()) {
      // With JavaScript off the browser refuses what the page preloads for it, and remarks that nobody used it.
      this.expect(/\.js: csp$/);
      this.expect(/was preloaded using link preload but not used/);
      // A page that is left takes what it preloads with it.
      this.expect(/_bg\.wasm: net::ERR_ABORTED$/);
    }
    context.on('console', (message) => hear(`console ${message.type()}: ${message.text()} (${message.location().url})`));
    context.on('weberror', (error) => hear(`page error: ${error.error().message}`));
    context.on('request', (request) => {
      const url = new URL(request.url());
      if (origin && /^https?:$/.test(url.protocol) && url.origin !== origin) {
        hear(`third-party request: ${request.url()}`);
      }
    });
    context.on('requestfailed', (request) => {
      const why = request.failure()?.errorText ?? 'unknown';
      // A document is aborted when it turns out to be a download, and when the reader goes elsewhere meanwhile; the icon
      // that the browser fetches for itself only then.
      const mayBeLeft = request.isNavigationRequest() || request.url().endsWith('/favicon.svg');
      if (!(why === 'net::ERR_ABORTED' && mayBeLeft)) {
        hear(`request failed: ${request.method()} ${request.url()}: ${why}`);
      }
    });
    context.on('response', (response) => {
      if (response.status() >= 400) {
        hear(`status ${response.status()}: ${response.request().method()} ${response.url()}`);
      }
    });
  }
}

export const test = base.extend<{ complaints: Complaints }>({
  // Requests without a browser are signed in as well.
  request: async ({ playwright, baseURL }, use) => {
    const extraHTTPHeaders: Record<string, string> = current?.session ? { cookie: current.session } : {};
    const request = await playwright.request.newContext({ baseURL: baseURL ?? '', extraHTTPHeaders });
    await use(request);
    await request.dispose();
  },
  baseURL: async ({}, use) => use(current?.url),
  complaints: async ({}, use) => use(new Complaints()),
  context: async ({ context, complaints, baseURL }, use) => {
    complaints.listen(context, baseURL);
    await bringSession(context);
    await use(context);
    expect(complaints.unexpected, 'the browser complained').toEqual([]);
  },
});

/** Signs a browser in with the session of whoever made the account of the file's server. */
export async function bringSession(context: BrowserContext): Promise<void> {
  const [name, value] = current?.session.split('=') ?? [];
  if (name && value && current) {
    const url = current.url.replace('http:', 'https:');
    await context.addCookies([{ name, value, url, secure: true, httpOnly: true, sameSite: 'Lax' }]);
  }
}

/** Keeps the session that a browser signed in with, for the tests that follow in the file. */
export async function keepSession(context: BrowserContext): Promise<void> {
  const cookie = (await context.cookies()).find(({ name }) => name === '__Host-session');
  if (current && cookie) {
    current.session = `${cookie.name}=${cookie.value}`;
  }
}

/** Fills in who makes the first visit. */
export async function fillOwner(page: Page, owner: { person: string; email: string; password: string }): Promise<void> {
  await page.getByLabel('Your name').fill(owner.person);
  await page.getByLabel('Your e-mail address').fill(owner.email);
  await page.getByLabel('Password').fill(owner.password);
}

/** Opens an address; with JavaScript on, waits until the islands of the page are awake, as a person's eye would. */
export async function open(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await awake(page);
}

/** Waits until the islands of the page that is shown are awake. Without JavaScript there is nothing to wait for. */
export async function awake(page: Page): Promise<void> {
  if (scripted() && (await page.locator('script[src$="start.js"]').count()) > 0) {
    await page.locator('html[data-ready]').waitFor({ state: 'attached' });
  }
}

/** Whether the test runs with JavaScript. */
export function scripted(): boolean {
  return base.info().project.use.javaScriptEnabled !== false;
}

/** Fails if the page is wider than the window. */
export async function expectNoSidewaysScroll(page: Page): Promise<void> {
  const [needs, has] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
  expect(needs, `${page.url()} needs ${needs} px`).toBeLessThanOrEqual(has ?? 0);
}

/** Fails on every serious or critical finding of axe, naming the elements. */
export async function axe(page: Page): Promise<void> {
  // Its timers do not run where scripts are off; the same page is looked at where they are on.
  if (!scripted()) {
    return;
  }
  // Through the debugger, so that the page's content security policy need not allow it.
  await page.evaluate(axeSource);
  const results = await page.evaluate(
    () => (globalThis as unknown as { axe: { run(): Promise<AxeResults> } }).axe.run(),
  );
  const bad = results.violations
    .filter((violation) => violation.impact === 'serious' || violation.impact === 'critical')
    .map((violation) => `${violation.id}: ${violation.help}\n  ${violation.nodes.map((node) => node.html).join('\n  ')}`);
  expect(bad, `axe on ${page.url()}`).toEqual([]);
}

/** Writes shots/NAME-light.png, -dark.png and -phone.png: to be looked at by people. The page is left as it was. */
export async function shots(page: Page, name: string): Promise<void> {
  const shot = (kind: string) =>
    page.screenshot({ path: join(shotsFolder, `${name}-${kind}.png`), fullPage: true, animations: 'disabled' });
  const size = page.viewportSize();
  await page.emulateMedia({ colorScheme: 'dark' });
  await shot('dark');
  await page.emulateMedia({ colorScheme: 'light' });
  await shot('light');
  await page.setViewportSize({ width: 390, height: 844 });
  await shot('phone');
  if (size) {
    await page.setViewportSize(size);
  }
  await page.emulateMedia({ colorScheme: null });
}

/** Looks at a page as people of every kind do: axe in light and dark, pictures, and no sideways scroll at 320 px. */
export async function inspect(page: Page, name: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await axe(page);
  }
  await shots(page, name);
  await page.setViewportSize({ width: 320, height: 640 });
  await expectNoSidewaysScroll(page);
  await page.setViewportSize({ width: 1280, height: 720 });
}

export { expect };
