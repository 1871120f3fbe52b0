import { Account, fictional } from '../support/account.ts';
import { expect, expectNoSidewaysScroll, test, useServer } from '../support/page.ts';

const server = useServer();
let account: Account;
let route: string;

test.beforeAll(async () => {
  account = await Account.create(server());
  route = await account.addRoute({ alias: 'mobile', kind: 'phone', value: '+12065550199' });
  await account.importCsv(`number\n+${fictional(206, 0)}\n`);
});

const routes = '/interconnection/inbound-routes';

for (const [what, address, heading] of [
  ['an address that is none', '/no/such/page', 'There is no such page'],
  ['a DID that is not ours', `/dids/${fictional(206, 77)}`, 'There is no such DID'],
  ['a DID that is no number', '/dids/abc', 'There is no such page'],
  ['a DID that is too long', '/dids/12345678901234567890123', 'There is no such page'],
  ['a route that is not there', `${routes}/4711`, 'There is no such inbound route'],
  ['a route that is no id', `${routes}/abc`, 'There is no such page'],
  ['a route beyond every id', `${routes}/99999999999999999999999`, 'There is no such page'],
  ['a route below zero', `${routes}/-1`, /There is no such/],
  ['deleting a route that is not there', `${routes}/4711/delete`, 'There is no such inbound route'],
  ['an entry that is not there', '/activity/4711', /There is no such/],
  ['an entry that is no version', '/activity/abc', 'There is no such page'],
  ['a bulk action that does not exist', '/dids/manage/explode?as_of=1', 'There is no such page'],
  ['an upload that is no id', '/dids/import/%2e%2e', /There is no such|Import DIDs/],
] as const) {
  test(`${what} is answered with 404 and a way on`, { tag: '@nojs' }, async ({ page, complaints }) => {
    complaints.expect(/404/);
    const answer = await page.goto(address);
    expect(answer?.status()).toBe(404);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(heading);
    await expect(page.getByRole('link', { name: 'Manage your DIDs' })).toBeVisible();
  });
}

test('an upload that is not there is answered with 404 and a way on', { tag: '@nojs' }, async ({ page, complaints }) => {
  complaints.expect(/404/);
  const answer = await page.goto('/dids/import/00000000000000000000000000000000');
  expect(answer?.status()).toBe(404);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('This upload is not there any more');
  await expect(page.getByRole('link', { name: 'Look at the activity' })).toBeVisible();
  await expect(page.getByRole('link', { name: 'Choose another file' })).toBeVisible();
});

test('the 404 page looks for a DID', { tag: ['@nojs', '@phone'] }, async ({ page, complaints }) => {
  complaints.expect(/404/);
  await page.goto('/no/such/page');
  await expectNoSidewaysScroll(page);
  await page.getByRole('searchbox').fill('206 555 0100');
  await page.getByRole('button', { name: 'Search' }).click();
  await expect(page.getByText('1 shown of 1')).toBeVisible();
});

for (const [address, sentence] of [
  ['/dids/manage?sort=colour', '`number`, `alias`'],
  ['/dids/manage?dir=up', '`asc` or `desc`'],
  ['/dids/manage?per=51', '50, 100 or 200'],
  ['/dids/manage?failover=maybe', '`none` or `some`'],
  ['/dids/manage?route=x', 'whole number'],
  ['/dids/manage?country=x', 'whole number'],
  ['/dids/manage?after=nonsense', 'a place in the list'],
  [`/dids/manage?q=${'x'.repeat(201)}`, 'longer than 200 bytes'],
  [`${routes}?sort=colour`, '`alias`, `type`'],
  ['/dids/manage/set-failover-route', 'Choose the DIDs again'],
  ['/dids/manage/set-failover-route?as_of=x', 'whole number'],
  ['/dids/manage/set-failover-route?as_of=1&dids=abc', 'cannot be a DID'],
  ['/dids/download.csv?failover=maybe', '`none` or `some`'],
] as const) {
  test(`${address.slice(0, 70)} is answered with 400 and what would be right`, { tag: '@nojs' }, async ({ page, complaints }) => {
    complaints.expect(/400/);
    const answer = await page.goto(address);
    expect(answer?.status()).toBe(400);
    await expect(page.getByRole('alert')).toContainText(sentence);
  });
}

test('search text that is odd is searched, not misread', async ({ request }) => {
  for (const text of ['%', '_', '\'', '"', '*', '-', '\\', '(', 'a"b OR c', '\u0000', 'é', '🙂', '１２０６', '+', 'NEAR(']) {
    for (const address of ['/dids/manage', routes, '/dids/download.csv']) {
      const answer = await request.get(`${address}?q=${encodeURIComponent(text)}`);
      expect(answer.status(), `${address} ${text}`).toBe(200);
    }
  }
});

test('a file that is not there is answered with 404', async ({ request }) => {
  for (const file of ['/assets/0/nothing.js', '/assets/0/..%2fCargo.toml', '/favicon.ico']) {
    expect((await request.get(file)).status(), file).toBe(404);
  }
});

test('a method that an address does not take is refused', async ({ request }) => {
  for (const [method, address] of [
    ['DELETE', '/dids/manage'],
    ['POST', '/'],
    ['POST', '/dids/manage'],
    ['PUT', `${routes}/${route}`],
    ['GET', '/welcome/create'],
    ['POST', '/dids/download.csv'],
  ] as const) {
    const answer = await request.fetch(address, { method, maxRedirects: 0 });
    expect(answer.status(), `${method} ${address}`).toBe(405);
    expect(answer.headers().allow, `${method} ${address}`).toBeTruthy();
  }
});

test('a change that another site sends is refused, and nothing is changed', { tag: '@core' }, async ({ request }) => {
  const before = await account.page(routes);
  const form = { alias: 'csrf', kind: 'host', value: 'evil.example.com', edge: '', answerer: 'pbx' };
  const foreign: Record<string, string>[] = [
    { origin: 'http://evil.example' },
    { origin: 'null' },
    { origin: 'https://127.0.0.1' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { 'sec-fetch-site': 'cross-site', origin: server().url },
  ];
  for (const headers of foreign) {
    const answer = await request.post(routes, { form, headers, maxRedirects: 0 });
    expect(answer.status(), JSON.stringify(headers)).toBe(403);
  }
  expect(await account.page(routes)).toBe(before);
});

test('a foreign Host is refused, also for reading', { tag: '@core' }, async ({ request }) => {
  for (const host of ['evil.example', `evil.example:${new URL(server().url).port}`, '127.0.0.1.evil.example']) {
    const answer = await request.get('/dids/manage', { headers: { host } });
    expect(answer.status(), host).toBe(403);
  }
  const local = await request.get('/dids/manage', { headers: { host: `localhost:${new URL(server().url).port}` } });
  expect(local.status()).toBe(200);
});

test('every answer carries the security headers, and no page is kept by a cache', async ({ request }) => {
  for (const address of ['/', '/dids/manage', '/no/such/page', '/dids/download.csv', '/dids/manage?per=51']) {
    const headers = (await request.get(address)).headers();
    expect(headers['content-security-policy'], address).toContain('default-src \'none\'');
    expect(headers['x-content-type-options'], address).toBe('nosniff');
    expect(headers['referrer-policy'], address).toBe('same-origin');
    expect(headers['cache-control'], address).toMatch(/no-store|no-cache/);
    expect(headers['access-control-allow-origin'], address).toBeUndefined();
  }
});

test('a body beyond the limit is refused without a change', async ({ request }) => {
  const answer = await request.post(routes, { form: { alias: 'x'.repeat(2_000_000) }, maxRedirects: 0 });
  expect(answer.status()).toBe(413);
  expect((await request.get('/health')).status()).toBe(200);
});

test('a form with missing or doubled fields is refused, not misread', async ({ request }) => {
  for (const [address, body] of [
    [routes, ''],
    [`${routes}/${route}`, 'alias=x'],
    [`${routes}/${route}`, 'as_of=abc&alias=x&kind=host&value=x.example.com'],
    [`${routes}/${route}/delete`, ''],
    [`/dids/${fictional(206, 0)}`, 'alias=x'],
    ['/dids/manage/set-failover-route', 'to=1'],
    ['/dids/manage/release', 'as_of=1&dids=%00'],
  ] as const) {
    const answer = await request.post(address, {
      data: body,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      maxRedirects: 0,
    });
    expect([400, 422], `${address} ${body}: ${answer.status()}`).toContain(answer.status());
  }
});
