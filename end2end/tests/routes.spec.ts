import type { Page } from '@playwright/test';
import { Account, fictional, grouped } from '../support/account.ts';
import { awake, expect, expectNoSidewaysScroll, open, test, useServer } from '../support/page.ts';

const server = useServer();
let account: Account;

test.beforeAll(async () => {
  account = await Account.create(server());
  await account.addRoute({ alias: 'seattle-pbx', kind: 'host', value: 'pbx.sea.example.com' });
  await account.addRoute({ alias: 'mobile', kind: 'phone', value: '+12065550199', answerer: 'person' });
  const rows = Array.from({ length: 7 }, (_, n) => `+${fictional(206, n)},Chair ${n},seattle-pbx,${n < 2 ? 'mobile' : ''}`);
  await account.importCsv(`number,alias,primary,failover\n${rows.join('\n')}\n`);
});

const addressOfList = '/interconnection/inbound-routes';

async function add(page: Page, alias: string, type: string, value: string): Promise<void> {
  await page.getByLabel('Alias for Route').fill(alias);
  await page.getByLabel('Route Type').selectOption(type);
  await page.getByLabel('Route value').fill(value);
  await page.getByRole('button', { name: 'Add Route' }).click();
}

for (const [type, value, shown] of [
  ['Host', 'SIP:PBX.Example.com.:5080', 'pbx.example.com:5080'],
  ['Host', '[2001:DB8::7]', '[2001:db8::7]'],
  ['Phone Number', '(206) 555-0142', '+1 206 555 0142'],
  ['URI', 'sips:frontdesk@pbx.example.com', 'sips:frontdesk@pbx.example.com'],
] as const) {
  test(`a ${type} is added as ${value} and listed as ${shown}`, { tag: ['@core', '@nojs'] }, async ({ page }) => {
    const alias = `add ${value.replaceAll(/\W/g, '')}`;
    await open(page, addressOfList);
    await page.getByLabel('Edge Strategy').selectOption({ label: 'US-East-VA (us-east-va.sip.flowroute.com)' });
    await add(page, alias, type, value);
    await expect(page.getByRole('status').filter({ hasText: 'The route was added.' })).toBeVisible();
    const row = page.getByRole('row').filter({ has: page.getByRole('link', { name: alias }) });
    await expect(row).toContainText(shown);
    await expect(row).toContainText(type);
    await expect(row).toContainText('US-East-VA');
    await expect(row).toContainText('not used');
    await awake(page);
  });
}

for (const [what, alias, type, value, field, sentence] of [
  ['an alias that is taken', 'SEATTLE-pbx', 'Host', 'pbx9.example.com', 'Alias for Route', /another inbound route is called seattle-pbx/i],
  ['no alias', '', 'Host', 'pbx9.example.com', 'Alias for Route', /This is empty/],
  ['a user part in a Host', 'w1', 'Host', 'user@pbx.example.com', 'Route value', /user/i],
  ['an address that is none', 'w2', 'Host', '203.0.113.256', 'Route value', /255|address|octet/i],
  ['a port out of range', 'w3', 'Host', 'pbx.example.com:65536', 'Route value', /65535|port/i],
  ['an e-mail-like slip', 'w4', 'URI', 'frontdesk@pbx.example.com', 'Route value', /sip:/],
  ['an emergency number', 'w5', 'Phone Number', '911', 'Route value', /emergency/i],
  ['a password in a URI', 'w6', 'URI', 'sip:a:secret@pbx.example.com', 'Route value', /password/i],
  ['an empty value', 'w7', 'Host', '', 'Route value', /value is empty/],
] as const) {
  test(`a new route with ${what} is refused beside the field, and what was typed is kept`, { tag: '@nojs' }, async ({ page, complaints }) => {
    complaints.expect(/422/);
    await open(page, addressOfList);
    await page.getByLabel('Edge Strategy').selectOption({ index: 1 });
    await add(page, alias, type, value);
    await expect(page.getByRole('alert')).toContainText('Nothing was saved.');
    await expect(page.getByLabel(field)).toHaveAttribute('aria-invalid', 'true');
    await expect(page.getByLabel(field)).toHaveAccessibleDescription(sentence);
    await expect(page.getByLabel('Alias for Route')).toHaveValue(alias);
    await expect(page.getByLabel('Route Type').locator('option:checked')).toHaveText(type);
    await expect(page.getByLabel('Route value')).toHaveValue(value);
    await expect(page.getByLabel('Edge Strategy')).not.toHaveValue('');
    await awake(page);
  });
}

test('text with markup in it is shown as text', { tag: '@nojs' }, async ({ page }) => {
  await open(page, addressOfList);
  await add(page, '<b>"x"</b> & \'y\'', 'Host', 'markup.example.com');
  await expect(page.getByRole('link', { name: '<b>"x"</b> & \'y\'' })).toBeVisible();
  await awake(page);
});

test('a value is judged while it is typed, by its type, and nothing is sent', async ({ page }) => {
  await open(page, addressOfList);
  await page.getByLabel('Alias for Route').fill('typing');
  const sent: string[] = [];
  page.on('request', (request) => sent.push(request.url()));
  const value = page.getByLabel('Route value');
  const box = page.getByRole('region', { name: 'Add New Route' });
  await value.pressSequentially('user@pbx.example.com');
  await expect(value).toHaveAttribute('aria-invalid', 'true');
  await expect(box.getByText('✕')).toBeVisible();
  await value.fill('PBX.Example.com');
  await expect(value).not.toHaveAttribute('aria-invalid', 'true');
  await expect(box.getByText('✓ pbx.example.com')).toBeVisible();
  await page.getByLabel('Route Type').selectOption('Phone Number');
  await expect(value).toHaveAttribute('aria-invalid', 'true');
  await value.fill('206 555 0143');
  await expect(box.getByText('✓ +12065550143')).toBeVisible();
  expect(sent).toEqual([]);
});

test('what is wrong with a value that is judged while typing is read out with its field', async ({ page }) => {
  await open(page, addressOfList);
  await page.getByLabel('Route value').fill('user@pbx.example.com');
  await expect(page.getByLabel('Route value')).toHaveAttribute('aria-invalid', 'true');
  await expect(page.getByLabel('Route value')).toHaveAccessibleDescription(/user/);
});

test('the route type chosen brings its help and its caution', async ({ page }) => {
  await open(page, addressOfList);
  await page.getByLabel('Route Type').selectOption('URI');
  await expect(page.getByText('Caution: an advanced setting.')).toBeVisible();
});

test('routes are searched and sorted, and the address keeps both', { tag: '@nojs' }, async ({ page }) => {
  await open(page, addressOfList);
  await page.getByRole('search').getByLabel('Search').fill('555 0199');
  await page.getByRole('button', { name: 'Search' }).click();
  await expect(page.getByRole('link', { name: 'mobile' })).toBeVisible();
  await expect(page.getByRole('link', { name: 'seattle-pbx' })).toBeHidden();
  await awake(page);
  await page.getByRole('link', { name: 'Used by' }).click();
  await expect(page.getByRole('columnheader', { name: 'Used by' })).toHaveAttribute('aria-sort', 'ascending');
  await awake(page);
  await page.getByRole('link', { name: 'Used by' }).click();
  await expect(page.getByRole('columnheader', { name: 'Used by' })).toHaveAttribute('aria-sort', 'descending');
  await expect(page.getByRole('search').getByLabel('Search')).toHaveValue('555 0199');
  await awake(page);
  await page.reload();
  await expect(page.getByRole('columnheader', { name: 'Used by' })).toHaveAttribute('aria-sort', 'descending');
  await awake(page);
});

test('an edit says how many DIDs it touches, and shows what was wrong with it', { tag: '@nojs' }, async ({ page, complaints }) => {
  complaints.expect(/422/);
  await open(page, addressOfList);
  await page.getByRole('link', { name: 'seattle-pbx' }).click();
  await expect(page.getByText('Saving changes the routing of 7 DIDs at once')).toBeVisible();
  await expect(page.getByRole('link', { name: '7 as primary, 0 as failover' })).toBeVisible();
  await awake(page);
  await page.getByLabel('Route value').fill('sip:user@');
  await page.getByRole('button', { name: 'Save for 7 DIDs' }).click();
  await expect(page.getByLabel('Route value')).toHaveAttribute('aria-invalid', 'true');
  await expect(page.getByLabel('Route value')).toHaveValue('sip:user@');
  await awake(page);
  await page.getByLabel('Route value').fill('pbx2.sea.example.com');
  await page.getByRole('button', { name: 'Save for 7 DIDs' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'Saved.' })).toBeVisible();
  await expect(page.getByRole('cell', { name: 'pbx2.sea.example.com' })).toBeVisible();
  await awake(page);
});

test('of two tabs that edit a route, the second is refused, told what changed, and saves on the second try', { tag: ['@core', '@nojs'] }, async ({ page, context, complaints }) => {
  complaints.expect(/409/);
  const id = await account.addRoute({ alias: 'two tabs', kind: 'host', value: 'before.example.com' });
  const other = await context.newPage();
  await open(page, `${addressOfList}/${id}`);
  await open(other, `${addressOfList}/${id}`);
  await other.getByLabel('Route value').fill('theirs.example.com');
  await other.getByRole('button', { name: 'Save' }).click();
  await expect(other.getByRole('status').filter({ hasText: 'Saved.' })).toBeVisible();
  await awake(other);

  await page.getByLabel('Route value').fill('mine.example.com');
  await page.getByRole('button', { name: 'Save' }).click();
  const alert = page.getByRole('alert');
  await expect(alert).toContainText('this route was changed while you were editing it');
  await expect(alert).toContainText('before.example.com');
  await expect(alert).toContainText('theirs.example.com');
  await expect(page.getByLabel('Route value')).toHaveValue('mine.example.com');
  await awake(page);
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'Saved.' })).toBeVisible();
  await expect(page.getByRole('cell', { name: 'mine.example.com' })).toBeVisible();
  await awake(page);
});

test('a route in use cannot be deleted, and the DIDs that use it are named', { tag: ['@core', '@nojs'] }, async ({ page }) => {
  await open(page, addressOfList);
  await page.getByRole('link', { name: 'seattle-pbx' }).click();
  await awake(page);
  await page.getByRole('link', { name: 'Delete…' }).click();
  const alert = page.getByRole('alert');
  await expect(alert).toContainText('7 DIDs use this route.');
  await expect(alert.getByRole('link')).toHaveCount(5);
  await expect(alert).toContainText('and 2 more');
  await expect(page.getByRole('button', { name: 'Delete this route' })).toBeHidden();
  await page.getByRole('link', { name: 'Show the DIDs that use it' }).click();
  await expect(page.getByRole('link', { name: new RegExp(grouped(fictional(206, 6)).replaceAll(' ', ' ?').replace('+', '\\+')) })).toBeVisible();
  await awake(page);
});

test('a route that came into use after the question was asked is not deleted', { tag: '@nojs' }, async ({ page, complaints }) => {
  complaints.expect(/409/);
  const id = await account.addRoute({ alias: 'late', kind: 'host', value: 'late.example.com' });
  await open(page, `${addressOfList}/${id}/delete`);
  const pbx = (await account.routeId('seattle-pbx')) ?? '';
  await account.editDid(fictional(206, 5), { primary: pbx, failover: id });
  await page.getByRole('button', { name: 'Delete this route' }).click();
  await expect(page.getByRole('alert')).toContainText('1 DID use');
  await account.editDid(fictional(206, 5), { primary: pbx, failover: '' });
});

test('a route that nobody uses is deleted after a question', { tag: ['@core', '@nojs'] }, async ({ page }) => {
  await account.addRoute({ alias: 'unused', kind: 'uri', value: 'sip:x@unused.example.com' });
  await open(page, addressOfList);
  await page.getByRole('link', { name: 'unused', exact: true }).click();
  await awake(page);
  await page.getByRole('link', { name: 'Delete…' }).click();
  await page.getByRole('button', { name: 'Delete this route' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'The route was deleted.' })).toBeVisible();
  await expect(page.getByRole('link', { name: 'unused', exact: true })).toBeHidden();
  await awake(page);
});

test('the built-in route is listed, and can be neither edited nor deleted', { tag: '@nojs' }, async ({ page, complaints }) => {
  complaints.expect(/40[49]/);
  await open(page, addressOfList);
  await expect(page.getByRole('row').filter({ hasText: 'sip-reg' })).toContainText('built in');
  await expect(page.getByRole('link', { name: 'sip-reg' })).toBeHidden();
});

test('the pages of routes fit a phone', { tag: '@phone' }, async ({ page }) => {
  await account.addRoute({ alias: `long-${'x'.repeat(59)}`, kind: 'host', value: `${'a'.repeat(60)}.${'b'.repeat(60)}.example.com` }).catch(() => undefined);
  await open(page, addressOfList);
  await expectNoSidewaysScroll(page);
  for (const alias of ['seattle-pbx', `long-${'x'.repeat(59)}`]) {
    const id = await account.routeId(alias);
    await open(page, `${addressOfList}/${id}`);
    await expectNoSidewaysScroll(page);
    await open(page, `${addressOfList}/${id}/delete`);
    await expectNoSidewaysScroll(page);
  }
});
