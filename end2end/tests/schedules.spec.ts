import type { Page } from '@playwright/test';
import { Account } from '../support/account.ts';
import { awake, axe, expect, expectNoSidewaysScroll, open, shots, test, useServer } from '../support/page.ts';

const server = useServer();
let account: Account;
let mobile = '';

const list = '/interconnection/schedules';

test.beforeAll(async () => {
  account = await Account.create(server());
  mobile = await account.addRoute({ alias: 'mobile', kind: 'phone', value: '+12125550199', answerer: 'person' });
});

async function fill(page: Page, fields: Record<string, string>): Promise<void> {
  for (const [label, value] of Object.entries(fields)) {
    await page.getByLabel(label, { exact: true }).fill(value);
  }
}

const office = { Name: 'Office hours', 'Time zone': 'America/Los_Angeles', Friday: '8:00-12:00; 13:00 - 16:30' };

test('a schedule is added, told in words, and chosen for a step', { tag: ['@core', '@nojs'] }, async ({ page }) => {
  await open(page, list);
  await page.getByRole('link', { name: 'New schedule' }).click();
  await awake(page);
  await fill(page, { ...office, Exceptions: '2026-12-25 closed\n2026-12-24 08:00-12:00' });
  await page.getByRole('button', { name: 'Add schedule' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'The schedule was added.' })).toBeVisible();
  const row = page.getByRole('row').filter({ has: page.getByRole('link', { name: 'Office hours' }) });
  await expect(row).toContainText('Monday to Thursday 09:00-17:00; Friday 08:00-12:00, 13:00-16:30; Saturday and Sunday closed');
  await expect(row).toContainText('and 2 exceptions');
  await expect(row).toContainText('not used');
  await awake(page);
  await open(page, '/interconnection/failover-plans/new?preset=after-hours');
  await expect(page.getByRole('group', { name: 'Step 1' }).getByLabel('During').locator('option:checked')).toHaveText('Office hours');
  await awake(page);
});

for (const [what, fields, label, sentence] of [
  ['no name', { Name: '' }, 'Name', /empty/],
  ['a zone that does not exist', { 'Time zone': 'Mars/Olympus' }, 'Time zone', /Mars\/Olympus|zone/],
  ['hours that cannot be read', { Monday: 'nine to five' }, 'Monday', /not a stretch of hours/],
  ['a time of day that does not exist', { Tuesday: '08:00-25:00' }, 'Tuesday', /not a time of day/],
  ['hours that overlap', { Wednesday: '08:00-12:00, 11:00-13:00' }, 'Wednesday', /overlap/],
  ['a night that meets the next morning', { Thursday: '22:00-09:00', Friday: '08:00-12:00' }, 'Thursday', /reaches into/],
  ['an exception that is no date', { Exceptions: '2026-12-25 closed\n2026-02-30 closed' }, 'Exceptions', /Line 2.*2026-02-30/],
  ['a day twice among the exceptions', { Exceptions: '2026-12-25 closed\n2026-12-25 08:00-12:00' }, 'Exceptions', /twice/],
] as [string, Record<string, string>, string, RegExp][]) {
  test(`a schedule with ${what} is refused beside the field, and what was typed is kept`, { tag: '@nojs' }, async ({ page, complaints }) => {
    complaints.expect(/422/);
    await open(page, `${list}/new`);
    await fill(page, { ...office, Name: `Spoilt: ${what}`, ...fields });
    await page.getByRole('button', { name: 'Add schedule' }).click();
    await expect(page.getByRole('alert')).toContainText('Nothing was saved.');
    const field = page.getByLabel(label, { exact: true });
    await expect(field).toHaveAttribute('aria-invalid', 'true');
    await expect(field).toHaveAccessibleDescription(sentence);
    for (const [other, value] of Object.entries({ ...office, Name: `Spoilt: ${what}`, ...fields })) {
      await expect(page.getByLabel(other, { exact: true })).toHaveValue(value);
    }
    await awake(page);
    expect(await account.page(list)).not.toContain(`Spoilt: ${what}`);
  });
}

test('a name that is taken is refused', { tag: '@nojs' }, async ({ page, complaints }) => {
  complaints.expect(/422/);
  await account.addSchedule('Taken');
  await open(page, `${list}/new`);
  await fill(page, { ...office, Name: 'taken' });
  await page.getByRole('button', { name: 'Add schedule' }).click();
  await expect(page.getByLabel('Name', { exact: true })).toHaveAttribute('aria-invalid', 'true');
  await awake(page);
});

test('a day is checked and the week drawn while it is typed, and nothing is sent', async ({ page }) => {
  await open(page, `${list}/new`);
  const sent: string[] = [];
  page.on('request', (request) => sent.push(request.url()));
  const picture = page.getByRole('img');
  await expect(picture).toHaveAccessibleName('Monday to Friday 09:00-17:00; Saturday and Sunday closed');
  const monday = page.getByLabel('Monday', { exact: true });
  await monday.fill('22:00-6');
  await expect(monday).toHaveAttribute('aria-invalid', 'true');
  await expect(monday).toHaveAccessibleDescription(/22:00-6/);
  await monday.fill('22:00-6:00');
  await expect(monday).not.toHaveAttribute('aria-invalid', 'true');
  await expect(picture).toHaveAccessibleName(/^Monday 22:00-06:00; Tuesday to Friday/);
  expect(sent).toEqual([]);
});

test.describe('in Berlin', () => {
  test.use({ timezoneId: 'Europe/Berlin' });

  test('a new schedule begins with the zone of the browser, and one that is stored keeps its own', async ({ page }) => {
    await open(page, `${list}/new`);
    await expect(page.getByLabel('Time zone')).toHaveValue('Europe/Berlin');
    const id = await account.addSchedule('Tokyo', '10:00-18:00', 'Asia/Tokyo');
    await open(page, `${list}/${id}`);
    await expect(page.getByLabel('Time zone')).toHaveValue('Asia/Tokyo');
  });
});

test('of two tabs that edit a schedule, the second is refused, told what changed, and saves on the second try', { tag: ['@core', '@nojs'] }, async ({ page, context, complaints }) => {
  complaints.expect(/409/);
  const address = `${list}/${await account.addSchedule('Two tabs')}`;
  const other = await context.newPage();
  await open(page, address);
  await open(other, address);
  await other.getByLabel('Sunday', { exact: true }).fill('10:00-14:00');
  await other.getByRole('button', { name: 'Save' }).click();
  await expect(other.getByRole('status').filter({ hasText: 'Saved.' })).toBeVisible();
  await awake(other);
  await page.getByLabel('Monday', { exact: true }).fill('07:00-15:00');
  await page.getByRole('button', { name: 'Save' }).click();
  const alert = page.getByRole('alert');
  await expect(alert).toContainText('this schedule was changed while you were editing it');
  await expect(alert).toContainText('10:00-14:00');
  await expect(page.getByLabel('Monday', { exact: true })).toHaveValue('07:00-15:00');
  await awake(page);
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'Saved.' })).toBeVisible();
  await awake(page);
});

test('a schedule that plans go by names them instead of being deleted', { tag: ['@core', '@nojs'] }, async ({ page }) => {
  const hours = await account.addSchedule('Wanted');
  await account.addPlan('Goes by it', [{ 'route.0': mobile, hours }]);
  await open(page, `${list}/${hours}`);
  await expect(page.getByText('Saving changes when these plans enter their steps:')).toBeVisible();
  await page.getByRole('link', { name: 'Delete…' }).click();
  await expect(page.getByRole('alert')).toContainText('Goes by it');
  await expect(page.getByRole('button', { name: 'Delete this schedule' })).toBeHidden();
  const unused = await account.addSchedule('Unwanted');
  await open(page, `${list}/${unused}/delete`);
  await page.getByRole('button', { name: 'Delete this schedule' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'The schedule was deleted.' })).toBeVisible();
  await expect(page.getByRole('link', { name: 'Unwanted' })).toBeHidden();
  await awake(page);
});

test('the pages of schedules have no barrier and fit a phone', { tag: '@phone' }, async ({ page }) => {
  const id = await account.addSchedule(`Long${'x'.repeat(56)}`);
  for (const [name, address] of [
    ['schedules', list],
    ['schedule', `${list}/${id}`],
    ['schedule-delete', `${list}/${id}/delete`],
  ] as const) {
    await open(page, address);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await axe(page);
    }
    await shots(page, name);
    await page.setViewportSize({ width: 320, height: 640 });
    await expectNoSidewaysScroll(page);
  }
});
