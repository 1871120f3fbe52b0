import type { Page } from '@playwright/test';
import { Account, fictional } from '../support/account.ts';
import { expect, open, test, useServer } from '../support/page.ts';

// All bytes over the wire of a first visit. The design's budget is for Manage; the pages that bring the routing core
// to the browser may load 100 kB more.
const MANAGE_BYTES_MAX = 150_000;
const DESK_BYTES_MAX = 250_000;
const REQUESTS_MAX = 12;

const server = useServer();

test.beforeAll(async () => {
  const account = await Account.create(server());
  for (let n = 0; n < 12; n += 1) {
    await account.addRoute({ alias: `route ${n}`, kind: 'host', value: `pbx${n}.example.com` });
  }
  const rows = Array.from({ length: 99 }, (_, n) => `+${fictional(206, n)},Chair number ${n},route ${n % 12},route ${(n + 5) % 12}`);
  await account.importCsv(`number,alias,primary,failover\n${rows.join('\n')}\n`);
});

interface Load {
  bytes: number;
  requests: string[];
}

/** What a first load of an address costs, measured by the browser itself. */
async function measure(page: Page, address: string): Promise<Load> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Network.enable');
  await devtools.send('Network.setCacheDisabled', { cacheDisabled: false });
  const names = new Map<string, string>();
  const load: Load = { bytes: 0, requests: [] };
  devtools.on('Network.requestWillBeSent', (event) => names.set(event.requestId, event.request.url));
  devtools.on('Network.loadingFinished', (event) => {
    load.bytes += event.encodedDataLength;
    load.requests.push(`${Math.round(event.encodedDataLength / 100) / 10} kB ${names.get(event.requestId) ?? '?'}`);
  });
  await open(page, address);
  await page.waitForLoadState('networkidle');
  // What is fetched after that, when nobody touches anything, counts as well.
  await page.waitForTimeout(1_000);
  return load;
}

for (const [address, most] of [
  ['/dids/manage', MANAGE_BYTES_MAX],
  ['/interconnection/inbound-routes', MANAGE_BYTES_MAX],
  ['/interconnection/failover-plans/new', DESK_BYTES_MAX],
  ['/interconnection/schedules/new', DESK_BYTES_MAX],
  ['/preview', DESK_BYTES_MAX],
  [`/dids/${fictional(206, 3)}`, DESK_BYTES_MAX],
] as const) {
  test(`the first load of ${address} is at most ${most / 1000} kB in at most 12 requests, none to a third party`, async ({ page }, info) => {
    const load = await measure(page, address);
    const said = `${address}: ${Math.round(load.bytes / 100) / 10} kB in ${load.requests.length} requests`;
    info.annotations.push({ type: 'measured', description: said });
    console.log(said);
    expect(load.requests.length, load.requests.join('\n')).toBeLessThanOrEqual(REQUESTS_MAX);
    expect(load.bytes, load.requests.join('\n')).toBeLessThanOrEqual(most);
    expect(load.bytes, 'the islands were loaded').toBeGreaterThan(20_000);
  });
}

test('a second page costs no more than itself: the files come from the cache', async ({ page }) => {
  const file = page.waitForResponse(/_bg\.wasm$/);
  await open(page, '/interconnection/inbound-routes');
  test.skip((await file).headers()['cache-control'] === 'no-cache', 'a server built for development lets no file be kept');
  await page.waitForLoadState('networkidle');
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Network.enable');
  let bytes = 0;
  devtools.on('Network.loadingFinished', (event) => (bytes += event.encodedDataLength));
  await open(page, `/dids/${fictional(206, 3)}`);
  await page.waitForLoadState('networkidle');
  expect(bytes).toBeLessThanOrEqual(20_000);
});
