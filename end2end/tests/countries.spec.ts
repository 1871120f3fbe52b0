// The guard against toll fraud, and the reason that goes on record with an edit.

import { Account, csv, fictional } from '../support/account.ts';
import { awake, expect, inspect, open, shots, test, useServer } from '../support/page.ts';

const server = useServer();
let account: Account;

test.beforeAll(async () => {
  account = await Account.create(server(), 'Harbour Dental');
  await account.addRoute({ alias: 'front-desk', kind: 'host', value: 'pbx.example.com' });
  await account.importCsv(csv('number,alias,primary', [`+${fictional(206, 1)},Reception,front-desk`]));
});

test('a route rings abroad only after an owner allowed the country, and what was typed is kept', { tag: ['@core', '@nojs'] }, async ({ page, complaints }, info) => {
  complaints.expect(/422/);
  const alias = `london-${info.project.name}-${info.retry}`;
  const add = async () => {
    await page.getByLabel('Alias for Route').fill(alias);
    await page.getByLabel('Route Type').selectOption('phone');
    await page.getByLabel('Route value').fill('+44 7700 900123');
    await page.getByLabel('Reason').fill('London opens on Monday');
    await page.getByRole('button', { name: 'Add Route' }).click();
    await awake(page);
  };
  await open(page, '/settings/countries');
  const london = page.getByRole('row').filter({ hasText: 'United Kingdom' });
  if ((await london.count()) === 0) {
    await open(page, '/interconnection/inbound-routes');
    await add();
    await expect(page.getByText('The account does not allow calls to United Kingdom (+44).').first()).toBeVisible();
    await expect(page.getByLabel('Alias for Route')).toHaveValue(alias);
    await expect(page.getByLabel('Reason')).toHaveValue('London opens on Monday');
    await page.locator('.type-help').getByRole('link', { name: 'allowed countries' }).click();
    await awake(page);
    await page.getByLabel('Country').selectOption('+44');
    await page.getByRole('button', { name: 'Allow it' }).click();
    await awake(page);
    await expect(page.getByText('Saved. Routes that are added or changed from now on go by it.')).toBeVisible();
  }
  await open(page, '/interconnection/inbound-routes');
  await add();
  await expect(page.getByText('The route was added.')).toBeVisible();
  await open(page, '/settings/countries');
  await expect(london.getByRole('link', { name: alias })).toBeVisible();
  await expect(london.getByRole('button')).toHaveCount(0);
  await open(page, '/activity');
  await page.getByRole('link', { name: `Route added: ${alias}` }).click();
  await awake(page);
  await expect(page.getByText('London opens on Monday')).toBeVisible();
});

test('a country that no route rings in is taken back', { tag: ['@nojs'] }, async ({ page }) => {
  await open(page, '/settings/countries');
  await page.getByLabel('Country').selectOption('+1876');
  await page.getByRole('button', { name: 'Allow it' }).click();
  await awake(page);
  await page.getByRole('button', { name: 'Take back Jamaica' }).click();
  await awake(page);
  await expect(page.getByRole('row').filter({ hasText: 'Jamaica' })).toHaveCount(0);
});

test('support writes a note, and the customer reads it and takes it away', { tag: ['@core', '@nojs'] }, async ({ page }, info) => {
  const text = `The carrier mends this line (${info.project.name} ${info.retry})`;
  await open(page, `/dids/${fictional(206, 1)}`);
  await page.getByText('Write a note', { exact: true }).click();
  await page.getByLabel('Tell the customer something of this number').fill(text);
  await page.getByRole('button', { name: 'Write the note' }).click();
  await awake(page);
  const note = page.getByRole('listitem').filter({ hasText: text });
  await expect(note).toBeVisible();
  await open(page, '/');
  await expect(note.getByRole('link', { name: '206' })).toBeVisible();
  await shots(page, 'notes-overview');
  await note.getByRole('button', { name: 'Remove' }).click();
  await awake(page);
  await expect(note).toHaveCount(0);
});

test('allowed countries and notes have no barrier that axe can find, fit a phone, and have their pictures', async ({ page }) => {
  test.setTimeout(120_000);
  await open(page, '/settings/countries');
  await page.getByLabel('Country').selectOption('+33');
  await page.getByRole('button', { name: 'Allow it' }).click();
  await awake(page);
  await open(page, `/dids/${fictional(206, 1)}`);
  await page.getByText('Write a note', { exact: true }).click();
  await page.getByLabel('Tell the customer something of this number').fill('Your carrier mends this line until Friday; calls fail over meanwhile.');
  await page.getByRole('button', { name: 'Write the note' }).click();
  await awake(page);
  await open(page, '/people');
  await page.getByLabel('E-mail address').fill('sid@example.com');
  await page.getByRole('button', { name: 'Make a link' }).click();
  await awake(page);
  await open(page, '/people/activity');
  await expect(page.getByRole('row').filter({ hasText: 'Person invited' }).filter({ hasText: 'sid@example.com' })).toContainText('olive@example.com');
  for (const [name, address] of [
    ['countries', '/settings/countries'],
    ['notes-did', `/dids/${fictional(206, 1)}`],
    ['people-activity', '/people/activity'],
  ] as const) {
    await open(page, address);
    await inspect(page, name);
  }
});
