// The what-if desk: one call under any failures, the matrix of all calls, the blast radius of each failure.

import { execFileSync } from 'node:child_process';
import type { Page } from '@playwright/test';
import { Account, fictional, grouped } from '../support/account.ts';
import { awake, axe, expect, expectNoSidewaysScroll, open, shots, test, useServer } from '../support/page.ts';
import { binary } from '../support/server.ts';

const server = useServer();
const front = fictional(206, 0);
const alone = fictional(206, 30);
/** The id of each route by its alias. */
const ids: Record<string, string> = {};
let plan: string;
let nights: string;

test.beforeAll(async () => {
  const account = await Account.create(server());
  for (const route of [
    { alias: 'seattle-pbx', kind: 'host', value: 'pbx.sea.example.com', carrier: 'Cascade Fiber', site: 'Seattle' },
    { alias: 'portland-pbx', kind: 'host', value: 'pbx.pdx.example.com', carrier: 'Bridge Telecom', site: 'Portland' },
    { alias: 'mobile', kind: 'phone', value: '+12125550199', answerer: 'person', carrier: 'Cell Co' },
    { alias: 'service', kind: 'phone', value: '+12125550198', answerer: 'live_answer', carrier: 'Nightline' },
    { alias: 'spare', kind: 'phone', value: '+12125550197', answerer: 'person' },
    { alias: 'voicebox', kind: 'uri', value: 'sip:box@media.example.com', answerer: 'voicemail' },
  ] as const) {
    ids[route.alias] = await account.addRoute(route);
  }
  const hours = await account.addSchedule('Office', '09:00-17:00');
  const step = (alias: string, more: Record<string, string>) => ({ 'route.0': ids[alias] ?? '', ...more });
  plan = await account.addPlan('Layered', [
    step('mobile', { hours, enter_on: 'outage_or_no_answer' }),
    step('service', { enter_on: 'outage_or_no_answer' }),
  ]);
  nights = await account.addPlan('Nights', [step('service', { enter_on: 'any_failure' })]);
  const rows = Array.from({ length: 20 }, (_, n) => `+${fictional(206, n)},Chair ${n},seattle-pbx,plan:Layered`);
  const others = Array.from({ length: 5 }, (_, n) => `+${fictional(206, 30 + n)},,seattle-pbx,`);
  const boxed = Array.from({ length: 3 }, (_, n) => `+${fictional(206, 40 + n)},,portland-pbx,voicebox`);
  await account.importCsv(`number,alias,primary,failover\n${[...rows, ...others, ...boxed].join('\n')}\n`);
});

const outcome = (page: Page) => page.locator('#outcome');
const fate = (page: Page) => outcome(page).locator('.fate').first();
const desk = (query: Record<string, string | string[]>): string => {
  const pairs = Object.entries(query).flatMap(([name, values]) => [values].flat().map((value) => [name, value]));
  return `/preview?${new URLSearchParams(pairs)}`;
};

test('the desk opens on the largest group, with nothing failing', async ({ page }) => {
  await open(page, '/preview');
  await expect(page.getByLabel('Call to').locator('option:checked')).toContainText(`Chair 0, ${grouped(front)} and 19 more: seattle-pbx → Layered`);
  await expect(fate(page)).toContainText('seattle-pbx answers after 2 s.');
});

test('what fails is added row by row, and the address says the same', async ({ page }) => {
  await open(page, '/preview');
  await page.getByRole('button', { name: 'Add a failure' }).click();
  const first = page.getByRole('group', { name: 'Failure 1' });
  await expect(first.getByLabel('What')).toBeFocused();
  await expect(fate(page)).toContainText('mobile (a person) answers after 14 s, in step 1 of Layered');
  await first.getByLabel('What').selectOption({ label: 'Cascade Fiber' });
  await first.getByLabel('How').selectOption({ label: 'rejects with the SIP code …' });
  await first.getByLabel('Code').fill('503');
  await expect(fate(page)).toContainText('mobile (a person) answers after 8 s');
  await page.getByRole('button', { name: 'Add a failure' }).click();
  const second = page.getByRole('group', { name: 'Failure 2' });
  await second.getByLabel('What').selectOption({ label: 'mobile' });
  await second.getByLabel('How').selectOption({ label: 'rings for ever' });
  await expect(fate(page)).toContainText('service (answering service) answers after 22 s, in step 2 of Layered');
  const address = new URL(page.url());
  expect(address.searchParams.getAll('fault')).toEqual(['carrier:Cascade Fiber=503', `route:${ids.mobile}=rings`]);
  // The address is the call: whoever gets it sees the same.
  const hash = await outcome(page).locator('.code').innerText();
  await open(page, page.url());
  await expect(outcome(page).locator('.code')).toHaveText(hash);
  await expect(page.getByRole('group', { name: 'Failure 2' }).getByLabel('How')).toHaveValue('rings');
  await page.getByRole('button', { name: 'Remove failure 1' }).click();
  await expect(page.getByRole('group', { name: /^Failure/ })).toHaveCount(1);
  await expect(page.getByRole('button', { name: 'Add a failure' })).toBeFocused();
  await expect(fate(page)).toContainText('seattle-pbx answers after 2 s.');
});

test('each step says what came of it, or why it was not taken', async ({ page }) => {
  // A Sunday: the office is closed.
  await open(page, desk({ did: `+${front}`, at: '2026-11-29T03:00', zone: 'America/Los_Angeles', fault: 'carrier:Cascade Fiber=silent' }));
  await expect(fate(page)).toContainText('service (answering service) answers after 8 s');
  const steps = outcome(page).locator('table.attempts');
  await expect(steps.getByRole('row').nth(1)).toContainText(/Primary.*seattle-pbx.*no response after 6 s/);
  await expect(steps.getByRole('row').nth(2)).toContainText(/mobile.*Not tried: its hours are closed at that time/);
  await expect(steps.getByRole('row').nth(3)).toContainText(/service.*answers after 2 s; entered because of no response/);
  await page.getByLabel('When').fill('2026-11-30T10:00');
  await expect(fate(page)).toContainText('mobile (a person) answers after 14 s');
  await expect(steps.getByRole('row').nth(3)).toContainText('Not needed: mobile answered before');
  expect(page.url()).toContain('at=2026-11-30T10:00');
});

test('a plain failover that is not entered says which causes it is entered on', async ({ page }) => {
  await open(page, desk({ did: `+${fictional(206, 40)}`, fault: `route:${ids['portland-pbx']}=busy` }));
  await expect(fate(page)).toContainText('486 Busy Here');
  await expect(outcome(page).locator('table.attempts')).toContainText('Not tried: it is entered on “outage”, and 486 Busy Here is none');
});

test('a number is looked up as people type it', async ({ page }) => {
  await open(page, '/preview');
  const typed = page.getByLabel('or any of your numbers');
  await typed.fill('(206) 555-01');
  await typed.press('Enter');
  await expect(page.locator('#desk-number-error')).toContainText('✕');
  await typed.fill('(206) 555-0107');
  await typed.press('Enter');
  await expect(page).toHaveURL(/did=%2B12065550107/);
  await awake(page);
  await expect(page.getByLabel('Call to').locator('option:checked')).toHaveText(`Chair 7, ${grouped(fictional(206, 7))}`);
  await page.getByLabel('or any of your numbers').fill('212 555 0100');
  await page.getByLabel('or any of your numbers').press('Enter');
  await expect(page.getByRole('alert').filter({ hasText: '+1 212 555 0100 is not one of your numbers.' })).toBeVisible();
  await awake(page);
  // No other number's call stands in its place, and there is nothing to save.
  await expect(fate(page)).toContainText('+1 212 555 0100 is not one of your numbers: there is no call to show.');
  await expect(page.getByRole('button', { name: 'Save case' })).toBeDisabled();
  await expect(page.locator('#case-nothing')).toBeVisible();
});

test('a whole route shows what becomes of every number that uses it', async ({ page }) => {
  await open(page, desk({ fault: 'carrier:Cascade Fiber=silent' }));
  await page.getByLabel('Only calls that use').selectOption({ label: 'seattle-pbx' });
  const users = outcome(page).locator('table.users');
  await expect(users.getByRole('row')).toHaveCount(3);
  await expect(users).toContainText(/seattle-pbx → no failover.*Nobody answers/);
  await users.getByRole('button', { name: grouped(alone) }).click();
  await expect(outcome(page).locator('.fate')).toContainText('Nobody answers. After 6 s the caller gets 408');
  await expect(page).toHaveURL(new RegExp(`did=%2B${alone}&route=${ids['seattle-pbx']}`));
});

test('two failovers stand side by side on one time scale', async ({ page }) => {
  await open(page, desk({ did: `+${front}`, fault: 'carrier:Cascade Fiber=silent' }));
  await page.getByLabel('Beside it, the failover').selectOption({ label: 'Nights' });
  const sides = outcome(page).locator('.before-after > div');
  await expect(sides).toHaveCount(2);
  await expect(sides.nth(0)).toContainText('As it is: Layered');
  await expect(sides.nth(0).locator('.fate')).toContainText('mobile (a person) answers after 14 s');
  await expect(sides.nth(1)).toContainText('With Nights');
  await expect(sides.nth(1).locator('.fate')).toContainText('service (answering service) answers after 8 s');
  const axis = (at: number) => sides.nth(at).locator('text.axis').last().innerHTML();
  expect(await axis(0)).toBe(await axis(1));
  await page.getByLabel('Failover', { exact: true }).selectOption({ label: 'none' });
  await expect(sides.nth(0).locator('.fate')).toContainText('Nobody answers');
  expect(page.url()).toContain(`failover=none&against=plan:${nights}`);
  // A draft is no call of the account: it cannot be saved as a case.
  await expect(page.getByRole('button', { name: 'Save case' })).toBeDisabled();
  await expect(page.locator('#case-drafted')).toBeVisible();
});

test('a number is tried with another primary', async ({ page }) => {
  await open(page, desk({ did: `+${front}` }));
  await page.getByLabel('Primary').selectOption({ label: 'portland-pbx' });
  await expect(fate(page)).toContainText('portland-pbx answers after 2 s.');
  await expect(page).toHaveURL(new RegExp(`primary=${ids['portland-pbx']}`));
  await expect(page.locator('#case-drafted')).toBeVisible();
});

test('a route that no number uses can be looked at', async ({ page }) => {
  await open(page, `/interconnection/inbound-routes/${ids.spare}`);
  await page.getByRole('link', { name: 'Preview its calls' }).click();
  await expect(outcome(page)).toContainText('No number uses spare.');
  await expect(fate(page)).toContainText('spare (a person) answers after 8 s.');
});

for (const [query, why] of [
  [{ failover: 'plan:99999' }, 'Failover plan 99999 does not exist, or not any more'],
  [{ failover: '99999' }, 'Inbound route 99999 does not exist, or not any more'],
  [{ primary: '99999' }, 'Inbound route 99999 does not exist, or not any more'],
  [{ draft: 'new', name: 'Half', 'step.0.route.0': '99999' }, 'The draft cannot be walked as it is'],
] as const) {
  test(`an address that names what is not there shows no call: ${JSON.stringify(query)}`, async ({ page }) => {
    await open(page, desk({ did: `+${front}`, ...query }));
    await expect(fate(page)).toContainText(why);
    await expect(outcome(page).locator('.fate.good')).toHaveCount('draft' in query ? 1 : 0);
  });
}

test('health checks can have noticed the failures, or mark nothing down', async ({ page }) => {
  await open(page, desk({ did: `+${front}`, fault: 'carrier:Cascade Fiber=silent' }));
  await expect(fate(page)).toContainText('answers after 14 s');
  await page.getByLabel('Health checks').selectOption({ label: 'have noticed the failures too' });
  await expect(fate(page)).toContainText('mobile (a person) answers after 8 s');
  await expect(outcome(page).locator('table.attempts')).toContainText('Not tried: marked down');
});

test('a failure that the call does not depend on is named, so that its calm is no safety', async ({ page }) => {
  await open(page, desk({ did: `+${front}`, fault: 'carrier:Bridge Telecom=silent' }));
  await expect(outcome(page)).toContainText('This call depends on no such thing: the carrier Bridge Telecom.');
});

for (const [query, fault] of [
  [{ fault: 'carrier:Cascade Fiber=silent' }, ['--fault', 'carrier:Cascade Fiber=silent']],
  [{ fault: 'site:Seattle=503', at: '2026-11-29T03:00', zone: 'America/Los_Angeles' }, ['--fault', 'site:Seattle=503', '--at', '2026-11-29T03:00', '--zone', 'America/Los_Angeles']],
] as const) {
  test(`the desk and the command line decide alike: ${fault.join(' ')}`, { tag: '@core' }, async ({ page }) => {
    await open(page, desk({ did: `+${front}`, ...query }));
    const trace = JSON.parse(execFileSync(binary, ['simulate', `+${front}`, ...fault, '--json', '--database', server().database], { cwd: server().folder, encoding: 'utf8' })) as { decision_hash: string };
    await expect(outcome(page)).toContainText(`decision ${trace.decision_hash}`);
  });
}

test('the matrix tells every failure for every group, walks with the arrows, and opens a call', async ({ page }) => {
  await open(page, '/preview');
  await expect(page.getByRole('grid')).toBeHidden();
  await page.getByText('Matrix: every failure, every DID').click();
  const grid = page.getByRole('grid');
  await expect(grid.getByRole('columnheader')).toHaveCount(4);
  const cell = (row: string, column: number) => grid.getByRole('row').filter({ has: page.getByRole('rowheader', { name: row, exact: true }) }).getByRole('button').nth(column);
  await expect(cell('Nothing', 0)).toContainText(/✓ seattle-pbx\s*2 s/);
  await expect(cell('Carrier: Cascade Fiber', 0)).toContainText(/✓ mobile\s*14 s/);
  await expect(cell('Carrier: Cascade Fiber', 1)).toContainText(/✕ 408\s*6 s/);
  await expect(cell('Carrier: Bridge Telecom', 2)).toContainText(/✉ voicebox\s*8 s/);
  await expect(cell('Carrier: Cascade Fiber', 1)).toHaveAccessibleName(/5 DIDs.*when the carrier Cascade Fiber fails: nobody answers; 408 Request Timeout after 6 s/);
  // One cell is in the tab order; the arrows lead to the others.
  await expect(grid.locator('button[tabindex="0"]')).toHaveCount(1);
  await cell('Nothing', 0).focus();
  await page.keyboard.press('ArrowRight');
  await expect(cell('Nothing', 1)).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await expect(cell('Primary: dead', 1)).toBeFocused();
  await axe(page);
  await cell('Carrier: Cascade Fiber', 1).click();
  await expect(outcome(page)).toBeFocused();
  await expect(fate(page)).toContainText('Nobody answers. After 6 s the caller gets 408');
  await expect(page).toHaveURL(/did=%2B12065550130&fault=carrier:Cascade%20Fiber=silent/);
});

test('the blast radius says in sentences what each failure takes down', async ({ page }) => {
  await open(page, '/preview');
  await page.getByText('Blast radius: what each failure takes down').click();
  const list = page.locator('#blast');
  await expect(list).toContainText('If the carrier Cascade Fiber or the site Seattle fails, 5 DIDs die and 20 DIDs are answered elsewhere or later, after 14 s at the longest; 3 DIDs untouched.');
  await expect(list).toContainText('3 DIDs reach only a voicemail');
  const dead = list.getByRole('listitem').filter({ hasText: 'seattle-pbx → no failover' }).last();
  await expect(dead.getByRole('link', { name: '5 DIDs' })).toHaveAttribute('href', `/dids/manage?route=${ids['seattle-pbx']}&failover=none`);
  await dead.getByRole('link', { name: 'see a call' }).click();
  await awake(page);
  await expect(fate(page)).toContainText('Nobody answers');
});

test('no request leaves the browser while the desk is used', async ({ page }) => {
  await open(page, '/preview');
  await page.waitForLoadState('networkidle');
  const sent: string[] = [];
  // Chromium asks for the page's icon anew when its address changes.
  page.on('request', (request) => void (request.url().endsWith('favicon.svg') || sent.push(request.url())));
  await page.getByRole('button', { name: 'Add a failure' }).click();
  await page.getByText('Matrix: every failure, every DID').click();
  await page.getByText('Blast radius: what each failure takes down').click();
  await expect(page.locator('#blast')).toContainText('Cascade Fiber');
  await page.waitForTimeout(300);
  expect(sent).toEqual([]);
});

test('the link is copied', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await open(page, desk({ did: `+${front}`, fault: 'site:Seattle=silent' }));
  await page.getByRole('button', { name: 'Copy link' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'Copied.' })).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(page.url());
});

for (const [query, right] of [
  ['fault=carrier:Acme', 'carrier:NAME=silent'],
  ['at=tomorrow', 'a moment such as 2026-11-29T03:00'],
  ['at=2026-11-29T03:00&zone=Mars/Olympus', 'Write it as America/Los_Angeles, or UTC'],
  ['hangs_up=never', 'a number of seconds up to 120'],
  ['did=911', 'The number that is called cannot be read'],
] as const) {
  test(`an address that says ${query} says what would be right`, { tag: '@nojs' }, async ({ page, complaints }) => {
    complaints.expect(/400/);
    await page.goto(`/preview?${query}`);
    await expect(page.getByRole('alert')).toContainText(right);
  });
}

test('without JavaScript the matrix and the blast radius are there as tables', { tag: ['@nojs', '@nojs-only'] }, async ({ page }) => {
  await open(page, '/preview');
  await expect(page.locator('noscript .note')).toContainText('needs JavaScript');
  await page.locator('noscript a').click();
  const matrix = page.getByRole('region', { name: 'Matrix as a table' });
  await expect(matrix).toContainText(/mobile\s*14 s/);
  await expect(page.getByRole('region', { name: /^Blast radius/ })).toContainText('5 DIDs die');
});

test('the desk fits a phone, and axe finds no barrier', { tag: '@phone' }, async ({ page }) => {
  await open(page, desk({ did: `+${front}`, fault: ['carrier:Cascade Fiber=503', 'site:Portland=12s'], against: `plan:${plan}` }));
  await page.getByText('Matrix: every failure, every DID').click();
  await page.getByText('Blast radius: what each failure takes down').click();
  await expect(page.getByRole('grid')).toBeVisible();
  await expectNoSidewaysScroll(page);
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await axe(page);
  }
  await shots(page, 'preview');
  await page.setViewportSize({ width: 320, height: 640 });
  await expectNoSidewaysScroll(page);
});

test('two letters lead to the desk', async ({ page }) => {
  await open(page, '/');
  await page.keyboard.press('g');
  await page.keyboard.press('w');
  await expect(page).toHaveURL(/\/preview/);
  await awake(page);
});
