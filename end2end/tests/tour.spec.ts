// The README's second tour, as a newcomer walks it: a failover plan from an empty account, its trap found and mended,
// a case saved, and a change that would break it stopped.

import type { Page } from '@playwright/test';
import { OWNER } from '../support/account.ts';
import { awake, expect, fillOwner, open, test, useServer } from '../support/page.ts';

useServer();

const routes = [
  ['office', 'Host', 'pbx.example.com', 'Acme Fiber', 'A phone system'],
  ['second trunk', 'Host', 'trunk2.example.net', 'Acme Fiber', 'A phone system'],
  ['lte trunk', 'Host', 'lte.example.org', 'Cell Co', 'A phone system'],
  ['mobile', 'Phone Number', '212 555 0199', 'Cell Co', 'A person'],
  ['answering service', 'Phone Number', '212 555 0198', 'Nightline', 'An answering service'],
] as const;

/** Chooses the option that begins so. */
async function choose(page: Page, label: string | RegExp, begins: string, within = page.locator('main')): Promise<void> {
  const select = within.getByLabel(label, typeof label === 'string' ? { exact: true } : {});
  const option = select.locator('option').filter({ hasText: new RegExp(`^${begins}`) });
  await select.selectOption((await option.first().getAttribute('value')) ?? '');
}

test('a plan of three layers is built from an empty account, its trap is found and mended, and a case guards it', async ({ page, complaints }) => {
  complaints.expect(/409/);
  await open(page, '/');
  await page.getByLabel('Account name').fill('Tour');
  await fillOwner(page, OWNER);
  await page.getByRole('button', { name: 'Create your account' }).click();
  await awake(page);

  for (const [alias, kind, value, carrier, answers] of routes) {
    await open(page, '/interconnection/inbound-routes');
    await page.getByLabel('Alias for Route').fill(alias);
    await page.getByLabel('Route Type').selectOption({ label: kind });
    await page.getByLabel('Route value').fill(value);
    await page.getByText('What it depends on, and what answers there').click();
    await page.getByLabel('Carrier').fill(carrier);
    await choose(page, 'What answers', answers);
    await page.getByRole('button', { name: 'Add Route' }).click();
    await expect(page.getByRole('link', { name: alias, exact: true })).toBeVisible();
    await awake(page);
  }
  await open(page, '/dids/import');
  await page.getByLabel(/paste/i).fill('number,alias,primary\n+12065550171,Front desk,office\n');
  await page.getByRole('button', { name: 'Check the file' }).click();
  await page.getByRole('button', { name: 'Import 1 DID' }).click();
  await awake(page);

  // The plan, with the trap in it.
  await open(page, '/interconnection/failover-plans/new');
  await page.getByLabel('Name', { exact: true }).fill('Layers');
  const step = (number: number) => page.getByRole('group', { name: `Step ${number}`, exact: true });
  await choose(page, 'Ring', 'second trunk', step(1));
  for (const [number, route, on] of [
    [2, 'mobile', 'an outage, or nobody answering'],
    [3, 'answering service', 'any failure'],
  ] as const) {
    await page.getByRole('button', { name: 'Add a step' }).click();
    await choose(page, 'Ring', route, step(number));
    await step(number).getByLabel('When the call has failed by').selectOption({ label: on });
  }
  const warnings = page.locator('#warnings');
  await expect(warnings).toContainText('Step 1 uses Acme Fiber like the primary: when Acme Fiber fails, both fail.');
  const fate = page.locator('#call .fate').first();
  await page.locator('#asked-failure').selectOption({ label: 'The carrier Acme Fiber fails' });
  await expect(fate).toContainText('mobile (a person) answers after 20 s');
  await choose(page, 'Ring', 'lte trunk', step(1));
  await expect(warnings).not.toContainText('Acme Fiber');
  await expect(fate).toContainText('lte trunk answers after 8 s');
  await page.getByRole('button', { name: 'Add plan' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'The plan was added.' })).toBeVisible();
  await awake(page);

  await open(page, '/dids/manage');
  await page.getByRole('checkbox', { name: /\+1 206 555 0171|\+12065550171/ }).check();
  await page.getByLabel('Choose a DID Action').selectOption({ label: 'Set Failover Route' });
  await page.getByRole('button', { name: 'Apply Action' }).click();
  await awake(page);
  await choose(page, /^Inbound Route/, 'Layers');
  await page.getByRole('button', { name: 'Set Failover Route' }).click();
  await expect(page.getByRole('status')).toContainText('1 DID changed');
  await awake(page);

  // The desk, and the case.
  await open(page, '/preview');
  await page.getByRole('button', { name: 'Add a failure' }).click();
  await page.getByRole('group', { name: 'Failure 1' }).getByLabel('What').selectOption({ label: 'Acme Fiber' });
  await expect(page.locator('#outcome .fate')).toContainText('lte trunk answers after 8 s');
  await page.getByLabel('Name', { exact: true }).fill('Fiber cut');
  await page.getByLabel('Within, in seconds').fill('15');
  await page.getByRole('button', { name: 'Save case' }).click();
  await expect(page.getByRole('row').filter({ hasText: 'Fiber cut' })).toContainText('Holds');
  await awake(page);

  // A later change that breaks it.
  await open(page, '/interconnection/failover-plans/1');
  await choose(page, 'Ring', 'second trunk', step(1));
  const changes = page.getByRole('region', { name: 'What saving changes' });
  await expect(changes).toContainText('Of 1 DID, in some failure: 1 ends elsewhere.');
  await expect(changes.getByRole('row').filter({ hasText: 'the carrier Acme Fiber fails' })).toContainText('mobile answers after 20 s');
  await page.getByRole('button', { name: 'Try it on the desk' }).click();
  await expect(page.locator('#outcome h3').first()).toHaveText('With Layers (not saved)');
  await awake(page);
  await page.goBack();
  await awake(page);
  await page.getByRole('button', { name: /^Save/ }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('This breaks a saved case');
  await expect(page.getByRole('row').filter({ hasText: 'Fiber cut' })).toContainText('Too late');
  await awake(page);
  await page.getByRole('link', { name: 'Go back without saving' }).click();
  await awake(page);
  await open(page, '/preview/cases');
  await expect(page.getByRole('row').filter({ hasText: 'Fiber cut' })).toContainText('Holds');
});
