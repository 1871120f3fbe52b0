import type { Locator, Page } from '@playwright/test';
import { Account, fictional, grouped } from '../support/account.ts';
import { awake, axe, expect, expectNoSidewaysScroll, open, scripted, shots, test, useServer } from '../support/page.ts';

const server = useServer();
let account: Account;
/** The id of each route by its alias. */
const ids: Record<string, string> = {};

const list = '/interconnection/failover-plans';

test.beforeAll(async () => {
  account = await Account.create(server());
  for (const route of [
    { alias: 'seattle-pbx', kind: 'host', value: 'pbx.sea.example.com', carrier: 'Cascade Fiber', site: 'Seattle' },
    { alias: 'annex-pbx', kind: 'host', value: 'pbx.annex.example.com', carrier: 'Cascade Fiber', site: 'Annex' },
    { alias: 'portland-pbx', kind: 'host', value: 'pbx.pdx.example.com', carrier: 'Bridge Telecom', site: 'Portland' },
    { alias: 'mobile', kind: 'phone', value: '+12125550199', answerer: 'person', carrier: 'Cell Co' },
    { alias: 'dispatch', kind: 'phone', value: '+12125550198', answerer: 'live_answer', carrier: 'Nightline' },
    { alias: 'own-number', kind: 'phone', value: `+${fictional(206, 3)}` },
  ] as const) {
    ids[route.alias] = await account.addRoute(route);
  }
  const rows = Array.from({ length: 7 }, (_, n) => `+${fictional(206, n)},Chair ${n},seattle-pbx,`);
  await account.importCsv(`number,alias,primary,failover\n${rows.join('\n')}\n`);
});

function step(page: Page, number: number): Locator {
  return page.getByRole('group', { name: `Step ${number}`, exact: true });
}

/** Presses a button that changes the form's rows. Without JavaScript it is a round trip. */
async function press(page: Page, button: Locator): Promise<void> {
  await button.click();
  await awake(page);
}

/** The routes of each step, as the form shows them. */
async function routes(page: Page): Promise<string[]> {
  return page.locator('#steps > li').evaluateAll((steps) =>
    steps.map((item) =>
      [...item.querySelectorAll<HTMLSelectElement>('select[name*=".route."]')]
        .map((select) => select.selectedOptions[0]?.text.replace(/ \(.*/, '') ?? '')
        .join(' + '),
    ),
  );
}

async function errorOf(page: Page, field: Locator): Promise<void> {
  await expect(field).toHaveAttribute('aria-invalid', 'true');
  await awake(page);
}

/** A plan of three steps: portland-pbx, then mobile, then dispatch. */
async function threeSteps(name: string): Promise<string> {
  const plain = (alias: string, enter_on: string) => ({ 'route.0': ids[alias] ?? '', enter_on });
  return account.addPlan(name, [
    plain('portland-pbx', 'outage'),
    plain('mobile', 'outage_or_no_answer'),
    plain('dispatch', 'any_failure'),
  ]);
}

test('a plan of three layers is built from nothing', { tag: ['@core', '@nojs'] }, async ({ page }) => {
  await open(page, list);
  await page.getByRole('link', { name: 'New plan' }).click();
  await awake(page);
  await press(page, page.getByRole('link', { name: /^Mobile, then answering service/ }));
  await expect(page.getByLabel('Name', { exact: true })).toHaveValue('Mobile, then answering service');
  expect(await routes(page)).toEqual(['mobile', 'dispatch']);

  await press(page, page.getByRole('button', { name: 'Add a step' }));
  await step(page, 3).getByLabel('Ring', { exact: true }).selectOption('portland-pbx (Host)');
  await step(page, 3).getByLabel('When the call has failed by').selectOption('an outage (silent, unreachable, 5xx)');
  await press(page, page.getByRole('button', { name: 'Move step 3 up' }));
  await press(page, page.getByRole('button', { name: 'Move step 2 up' }));
  expect(await routes(page)).toEqual(['portland-pbx', 'mobile', 'dispatch']);
  await step(page, 2).getByLabel('Rings for at most').fill('15');
  await page.getByLabel('Name', { exact: true }).fill('Three layers');
  await page.getByRole('button', { name: 'Add plan' }).click();

  await expect(page.getByRole('status').filter({ hasText: 'The plan was added.' })).toBeVisible();
  await expect(page.getByRole('heading', { level: 1, name: 'Three layers' })).toBeVisible();
  expect(await routes(page)).toEqual(['portland-pbx', 'mobile', 'dispatch']);
  await expect(step(page, 2).getByLabel('Rings for at most')).toHaveValue('15');
  await awake(page);
  await open(page, list);
  const row = page.getByRole('row').filter({ has: page.getByRole('link', { name: 'Three layers' }) });
  await expect(row).toContainText('73 s of 120 s');
  await expect(row).toContainText('not used');
});

test('several routes of a step ring at once, one after another, by weight', { tag: '@nojs' }, async ({ page }) => {
  await open(page, `${list}/new`);
  await page.getByLabel('Name', { exact: true }).fill('Together');
  await step(page, 1).getByLabel('Ring', { exact: true }).selectOption('mobile (Phone Number)');
  await press(page, step(page, 1).getByRole('button', { name: 'Ring another one at once' }));
  await step(page, 1).getByLabel('Ring, route 2').selectOption('dispatch (Phone Number)');
  await step(page, 1).getByText('Start one after another').click();
  await step(page, 1).getByLabel('From one start to the next').fill('4');
  await step(page, 1).getByLabel('Weight of route 1').fill('70');
  await step(page, 1).getByLabel('Weight of route 2').fill('30');
  await page.getByRole('button', { name: 'Add plan' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'The plan was added.' })).toBeVisible();
  expect(await routes(page)).toEqual(['mobile + dispatch']);
  // What is set is not folded away.
  await expect(step(page, 1).getByLabel('Weight of route 2')).toHaveValue('30');
  await awake(page);
  await press(page, step(page, 1).getByRole('button', { name: 'Take route 1 out of step 1' }));
  expect(await routes(page)).toEqual(['dispatch']);
});

for (const [what, spoil, field, sentence] of [
  ['no name', async (page: Page) => page.getByLabel('Name', { exact: true }).fill(''), (page: Page) => page.getByLabel('Name', { exact: true }), /empty/],
  ['a negative time', async (page: Page) => step(page, 1).getByLabel('Rings for at most').fill('-5'), (page: Page) => step(page, 1).getByLabel('Rings for at most'), /not a time/],
  ['an absurd time', async (page: Page) => step(page, 1).getByLabel('No response within').fill('99999'), (page: Page) => step(page, 1).getByLabel('No response within'), /longer than a call/],
  ['a time that nobody can meet', async (page: Page) => step(page, 1).getByLabel('Rings for at most').fill('0.1'), (page: Page) => step(page, 1).getByLabel('Rings for at most'), /too short/],
  ['a step that rings nowhere', async (page: Page) => step(page, 1).getByLabel('Ring', { exact: true }).selectOption(''), (page: Page) => step(page, 1).getByLabel('Ring', { exact: true }), /rings nowhere/],
  [
    'codes that are none',
    async (page: Page) => {
      await step(page, 1).getByLabel('When the primary fails by').selectOption('custom');
      await step(page, 1).getByLabel('Codes and causes').fill('404, sometimes');
    },
    (page: Page) => step(page, 1).getByLabel('Codes and causes'),
    /sometimes/,
  ],
] as const) {
  test(`a plan with ${what} is refused beside the field, and what was typed is kept`, { tag: '@nojs' }, async ({ page, complaints }) => {
    complaints.expect(/422/);
    await open(page, `${list}/new?preset=mobile-then-answering`);
    await page.getByLabel('Name', { exact: true }).fill(`Spoilt ${what}`);
    await step(page, 2).getByLabel('Rings for at most').fill('33');
    await spoil(page);
    await page.getByRole('button', { name: 'Add plan' }).click();
    await expect(page.getByRole('alert')).toContainText('Nothing was saved.');
    await errorOf(page, field(page));
    const described = (await field(page).getAttribute('aria-describedby')) ?? '';
    // The step as a whole has a line of its own.
    const line = what === 'a step that rings nowhere' ? '[id="step.0.routes-error"]' : `[id="${described.split(' ')[0]}"]`;
    await expect(page.locator(line)).toContainText(sentence);
    await expect(step(page, 2).getByLabel('Rings for at most')).toHaveValue('33');
    expect(await account.page(list)).not.toContain(`Spoilt ${what}`);
  });
}

test('a name that is taken, a route twice and a plan that takes too long are refused', { tag: '@nojs' }, async ({ page, complaints }) => {
  complaints.expect(/422/);
  await threeSteps('Taken');
  await open(page, `${list}/new?preset=mobile-then-answering`);
  await page.getByLabel('Name', { exact: true }).fill('TAKEN');
  await page.getByRole('button', { name: 'Add plan' }).click();
  await expect(page.locator('#name-error')).toContainText('Another failover plan is called so already');
  await awake(page);
  await press(page, step(page, 1).getByRole('button', { name: 'Ring another one at once' }));
  await step(page, 1).getByLabel('Ring, route 2').selectOption('mobile (Phone Number)');
  await step(page, 2).getByLabel('Rings for at most').fill('110');
  await page.getByRole('button', { name: 'Add plan' }).click();
  await expect(page.locator('[id="step.0.route.1-error"]')).toContainText('rings this inbound route already');
  await expect(page.locator('#steps-error')).toContainText('All steps together may take 142 s');
  await awake(page);
});

test('a plan without any step is refused', { tag: '@nojs' }, async ({ page, complaints }) => {
  complaints.expect(/422/);
  await open(page, `${list}/new`);
  await page.getByLabel('Name', { exact: true }).fill('Nothing');
  await press(page, page.getByRole('button', { name: 'Remove step 1' }));
  await expect(step(page, 1)).toBeHidden();
  await page.getByRole('button', { name: 'Add plan' }).click();
  await expect(page.locator('#steps-error')).toContainText('A plan needs at least one step');
  await awake(page);
});

test('a route that rings one of our own DIDs cannot be chosen', { tag: '@nojs' }, async ({ page }) => {
  await open(page, `${list}/new`);
  const option = step(page, 1).getByLabel('Ring', { exact: true }).locator('option', { hasText: 'own-number' });
  await expect(option).toHaveText(/rings your own DIDs/);
  await expect(option).toBeDisabled();
});

test('a preset that does not exist, and a button that is none, say what would be right', { tag: '@nojs-only' }, async ({ page, complaints }) => {
  complaints.expect(/400/);
  await open(page, `${list}/new?preset=magic`);
  await expect(page.getByRole('alert')).toContainText('second-trunk');
});

test('Enter in a field saves nothing, and says what is wrong', { tag: '@nojs' }, async ({ page }) => {
  await open(page, `${list}/new`);
  await page.getByLabel('Name', { exact: true }).fill('By accident');
  await page.keyboard.press('Enter');
  await expect(page.locator('[id="step.0.routes-error"]')).toContainText('rings nowhere');
  await expect(page.getByLabel('Name', { exact: true })).toHaveValue('By accident');
  await awake(page);
  expect(await account.page(list)).not.toContain('By accident');
});

test('the buttons that move a step keep the focus, and say aloud what they did', async ({ page }) => {
  await open(page, `${list}/${await threeSteps('Keyboard')}`);
  await page.getByRole('button', { name: 'Move step 3 up' }).focus();
  await page.keyboard.press('Enter');
  await expect(page.locator('#done')).toHaveText('Step 3 is step 2 now.');
  await expect(page.getByRole('button', { name: 'Move step 2 up' })).toBeFocused();
  await page.keyboard.press('Enter');
  expect(await routes(page)).toEqual(['dispatch', 'portland-pbx', 'mobile']);
  // At the top there is only the way down.
  await expect(page.getByRole('button', { name: 'Move step 1 down' })).toBeFocused();
  await page.getByRole('button', { name: 'Remove step 2' }).click();
  expect(await routes(page)).toEqual(['dispatch', 'mobile']);
  await expect(page.locator('#done')).toHaveText('Step 2 was removed.');
});

test('a step is dragged to another place, and Escape lets it go', async ({ page }) => {
  await open(page, `${list}/${await threeSteps('Dragged')}`);
  const centre = async (locator: Locator): Promise<[number, number]> => {
    const box = await locator.boundingBox();
    return [(box?.x ?? 0) + (box?.width ?? 0) / 2, (box?.y ?? 0) + (box?.height ?? 0) / 2];
  };
  const drag = async (from: number, to: number): Promise<void> => {
    await page.mouse.move(...(await centre(page.locator('.handle').nth(from))));
    await page.mouse.down();
    const [x, y] = await centre(page.locator('#steps > li').nth(to));
    await page.mouse.move(x, y + (to > from ? 20 : -20), { steps: 6 });
  };
  await drag(0, 1);
  await page.mouse.up();
  expect(await routes(page)).toEqual(['mobile', 'portland-pbx', 'dispatch']);
  await expect(page.locator('#done')).toHaveText('Step 1 is step 2 now.');
  await drag(1, 0);
  await page.keyboard.press('Escape');
  await page.mouse.up();
  expect(await routes(page)).toEqual(['mobile', 'portland-pbx', 'dispatch']);
  await expect(page.locator('.dragged, .drop-before, .drop-after')).toHaveCount(0);
});

test('the call is told while the plan is typed, and nothing is sent', async ({ page }) => {
  await open(page, `${list}/${await threeSteps('Live')}`);
  const sent: string[] = [];
  page.on('request', (request) => sent.push(request.url()));
  const call = page.locator('#call');
  await expect(call).toContainText('portland-pbx answers after 8 s, in step 1 of Live.');
  await page.getByLabel('Name', { exact: true }).fill('Livelier');
  await expect(call).toContainText('in step 1 of Livelier.');
  await page.getByLabel('What fails').selectOption({ label: 'The primary route rings for ever' });
  await expect(call).toContainText('mobile (a person) answers after 28 s, in step 2 of Livelier.');
  await step(page, 2).getByLabel('When the call has failed by').selectOption('busy');
  await expect(call).toContainText('dispatch (answering service) answers after 22 s, in step 3');
  await expect(call.locator('svg.timeline').first()).toContainText('Step 2 · mobile — not entered on no answer');
  await page.getByRole('button', { name: 'The carrier Nightline fails' }).click();
  await expect(page.getByLabel('What fails').locator('option:checked')).toHaveText('The carrier Nightline fails');
  expect(sent).toEqual([]);
});

test('each route can fail in a way of its own', async ({ page }) => {
  await open(page, `${list}/${await threeSteps('By route')}`);
  await page.getByLabel('What fails').selectOption({ label: 'Each route in a way of its own…' });
  await page.getByLabel('seattle-pbx', { exact: true }).selectOption('silent');
  await page.getByLabel('portland-pbx', { exact: true }).selectOption('busy');
  // The drop-down that was changed keeps the focus.
  await page.getByLabel('mobile', { exact: true }).focus();
  await page.getByLabel('mobile', { exact: true }).selectOption('rings');
  await expect(page.getByLabel('mobile', { exact: true })).toBeFocused();
  await expect(page.locator('#call')).toContainText('dispatch (answering service) answers after 8 s, in step 3');
});

test('the trap of a shared carrier is warned of as soon as it is there, and gone when it is mended', async ({ page }) => {
  await open(page, `${list}/${await threeSteps('Trap')}`);
  const warnings = page.getByRole('region', { name: 'Warnings' });
  await expect(warnings).not.toContainText('Cascade Fiber');
  await step(page, 1).getByLabel('Ring', { exact: true }).selectOption('annex-pbx (Host)');
  await expect(warnings).toContainText(
    'Step 1 uses Cascade Fiber like the primary: when Cascade Fiber fails, both fail. Choose a route of another carrier for step 1.',
  );
  await step(page, 1).getByLabel('Ring', { exact: true }).selectOption('portland-pbx (Host)');
  await expect(warnings).not.toContainText('Cascade Fiber');
  await step(page, 2).getByLabel('Rings for at most').fill('70');
  await expect(page.locator('#budget')).toContainText('takes at most 154 s');
  await expect(page.locator('#steps-error')).toContainText('All steps together may take 128 s');
});

test('hours decide which step is entered at which moment', async ({ page }) => {
  const hours = await account.addSchedule('Office of plans');
  const id = await account.addPlan('By hours', [
    { 'route.0': ids.mobile ?? '', enter_on: 'outage', hours },
    { 'route.0': ids.dispatch ?? '', enter_on: 'any_failure' },
  ]);
  await open(page, `${list}/${id}`);
  const call = page.locator('#call');
  await expect(call).toContainText('mobile (a person) answers');
  await page.getByLabel('When', { exact: true }).selectOption('Sunday');
  await expect(call).toContainText('dispatch (answering service) answers');
  await expect(call.locator('svg.timeline')).toContainText('Step 1 · mobile — closed at this hour');
  await page.getByLabel('When', { exact: true }).selectOption('Tuesday');
  await expect(call).toContainText('mobile (a person) answers');
  await page.getByLabel('at', { exact: true }).fill('17:00');
  await expect(call).toContainText('dispatch (answering service) answers');
});

test('every keystroke is painted in the picture', async ({ page }) => {
  await open(page, `${list}/${await threeSteps('Fast')}`);
  // The call rings through to the end of step 2, so that each second more of its clock moves the picture.
  await page.getByLabel('What fails').selectOption('by-route');
  await page.locator(`[id="fault-${ids['seattle-pbx']}"]`).selectOption('silent');
  await page.locator(`[id="fault-${ids['portland-pbx']}"]`).selectOption('silent');
  await page.locator(`[id="fault-${ids.mobile}"]`).selectOption('rings');
  await expect(page.locator('#call svg.timeline').first()).toContainText('mobile — no answer after 20 s');
  const field = step(page, 2).getByLabel('Rings for at most');
  await field.click();
  const words = await field.evaluate(async (input: HTMLInputElement) => {
    const words: string[] = [];
    for (let n = 0; n < 15; n += 1) {
      input.value = String(10 + n);
      input.dispatchEvent(new InputEvent('input', { bubbles: true }));
      // Two frames: the first one paints.
      await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
      words.push(document.querySelector('#call svg.timeline')?.textContent ?? '');
    }
    return words;
  });
  for (const [n, painted] of words.entries()) {
    expect(painted).toContain(`mobile — no answer after ${10 + n} s`);
  }
});

test('rows that were added are there again after a reload and on the way back', async ({ page }) => {
  await open(page, `${list}/${await threeSteps('Back')}`);
  await page.getByRole('button', { name: 'Add a step' }).click();
  await step(page, 4).getByLabel('Ring', { exact: true }).selectOption('annex-pbx (Host)');
  await step(page, 4).getByLabel('Rings for at most').fill('7');
  await page.reload();
  await awake(page);
  expect(await routes(page)).toEqual(['portland-pbx', 'mobile', 'dispatch', 'annex-pbx']);
  await page.getByRole('link', { name: 'Schedules' }).click();
  await awake(page);
  await page.goBack();
  await awake(page);
  expect(await routes(page)).toEqual(['portland-pbx', 'mobile', 'dispatch', 'annex-pbx']);
  await expect(step(page, 4).getByLabel('Rings for at most')).toHaveValue('7');
  await expect(page.locator('#budget')).toContainText('4');
});

test('of two tabs that edit a plan, the second is refused, told what changed, and saves on the second try', { tag: ['@core', '@nojs'] }, async ({ page, context, complaints }) => {
  complaints.expect(/409/);
  const address = `${list}/${await threeSteps('Two tabs')}`;
  const other = await context.newPage();
  await open(page, address);
  await open(other, address);
  await step(other, 1).getByLabel('Rings for at most').fill('11');
  await other.getByRole('button', { name: 'Save' }).click();
  await expect(other.getByRole('status').filter({ hasText: 'Saved.' })).toBeVisible();
  await awake(other);

  await press(page, page.getByRole('button', { name: 'Remove step 3' }));
  await step(page, 2).getByLabel('Rings for at most').fill('22');
  await page.getByRole('button', { name: 'Save' }).click();
  const alert = page.getByRole('alert');
  await expect(alert).toContainText('this plan was changed while you were editing it');
  await expect(alert).toContainText('ringing 11 s');
  await expect(step(page, 2).getByLabel('Rings for at most')).toHaveValue('22');
  expect(await routes(page)).toEqual(['portland-pbx', 'mobile']);
  await awake(page);
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'Saved.' })).toBeVisible();
  expect(await routes(page)).toEqual(['portland-pbx', 'mobile']);
  await awake(page);
});

test('a plan in use says by whom, is saved for all of them, and cannot be deleted', { tag: ['@core', '@nojs'] }, async ({ page }) => {
  const id = await threeSteps('In use');
  await account.editDid(fictional(206, 5), { primary: ids['seattle-pbx'] ?? '', failover: `plan:${id}` });
  await open(page, `${list}/${id}`);
  await expect(page.getByText('Saving changes the routing of 1 DID at once.')).toBeVisible();
  await page.getByLabel('Name', { exact: true }).fill('In use still');
  await page.getByRole('button', { name: 'Save for 1 DID' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'Saved.' })).toBeVisible();
  await awake(page);
  await page.getByRole('link', { name: 'Delete…' }).click();
  await expect(page.getByRole('alert')).toContainText('1 DID uses this plan. Please disassociate all numbers before deleting.');
  await expect(page.getByRole('button', { name: 'Delete this plan' })).toBeHidden();
  await account.editDid(fictional(206, 5), { primary: ids['seattle-pbx'] ?? '', failover: '' });
  await open(page, `${list}/${id}/delete`);
  await page.getByRole('button', { name: 'Delete this plan' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'The plan was deleted.' })).toBeVisible();
  await expect(page.getByRole('link', { name: 'In use still' })).toBeHidden();
  await awake(page);
});

test('what saving a plan changes for callers is told before it is saved', { tag: '@nojs' }, async ({ page }) => {
  const id = await threeSteps('Before it is saved');
  const did = fictional(206, 6);
  await account.editDid(did, { primary: ids['seattle-pbx'] ?? '', failover: `plan:${id}` });
  await open(page, `${list}/${id}`);
  const changed = page.getByRole('region', { name: 'What saving changes' });
  await expect(changed).toContainText('Nothing: the steps are as they are saved.');
  await press(page, page.getByRole('button', { name: 'Remove step 3' }));
  await press(page, page.getByRole('button', { name: 'Remove step 2' }));
  await expect(page.locator('#saving-said')).toContainText('Of 1 DID, in some failure: 1 reaches nobody any more');
  const row = changed.getByRole('row').filter({ hasText: 'lost:' }).first();
  await expect(row).toContainText('mobile answers after 28 s');
  await expect(row).toContainText('nobody answers');
  if (scripted()) {
    await axe(page);
  }
  await account.editDid(did, { primary: ids['seattle-pbx'] ?? '', failover: '' });
});

test('a plan that is not saved yet is tried on the desk, beside what is saved', async ({ page }) => {
  const id = await threeSteps('On the desk');
  const did = fictional(206, 4);
  await account.editDid(did, { primary: ids['seattle-pbx'] ?? '', failover: `plan:${id}` });
  await open(page, `${list}/${id}`);
  await step(page, 1).getByLabel('Ring', { exact: true }).selectOption('dispatch (Phone Number)');
  await page.getByRole('button', { name: 'Remove step 3' }).click();
  await expect(page.locator('#call')).toContainText('As it is saved');
  await page.getByRole('button', { name: 'Try it on the desk' }).click();
  const sides = page.locator('#outcome .before-after > div');
  await expect(sides.nth(0)).toContainText('With On the desk (not saved)');
  await expect(sides.nth(0).locator('.fate')).toContainText('dispatch (answering service) answers after 8 s');
  await expect(sides.nth(1)).toContainText('As it is: On the desk');
  await expect(sides.nth(1).locator('.fate')).toContainText('portland-pbx answers after 8 s');
  await expect(page.getByLabel('Call to').locator('option:checked')).toContainText(grouped(did));
  await expect(page.getByRole('button', { name: 'Save case' })).toBeDisabled();
  // The address is the call, draft and all.
  await page.reload();
  await awake(page);
  await expect(sides.nth(0).locator('.fate')).toContainText('dispatch (answering service) answers after 8 s');
  await page.getByLabel('Failover', { exact: true }).selectOption({ label: 'as it is: On the desk' });
  await expect(page).toHaveURL(/failover=now/);
  // Back in the editor, what was typed is still there.
  await page.goBack();
  await awake(page);
  expect(await routes(page)).toEqual(['dispatch', 'mobile']);
  await account.editDid(did, { primary: ids['seattle-pbx'] ?? '', failover: '' });
});

test('text with markup in it is shown as text', { tag: '@nojs' }, async ({ page }) => {
  const name = '<b>"x"</b> & \'y\'';
  await open(page, `${list}/new?preset=second-trunk`);
  await page.getByLabel('Name', { exact: true }).fill(name);
  await page.getByRole('button', { name: 'Add plan' }).click();
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
  await expect(page.getByLabel('Name', { exact: true })).toHaveValue(name);
  await awake(page);
});

test('without JavaScript the page says what is missing, and shows the warnings of what is saved', { tag: '@nojs-only' }, async ({ page }) => {
  const id = await account.addPlan('Trap without', [{ 'route.0': ids['annex-pbx'] ?? '' }]);
  await open(page, `${list}/${id}`);
  await expect(page.locator('noscript .note')).toContainText('needs JavaScript');
  await expect(page.getByRole('region', { name: 'Warnings' })).toContainText('uses Cascade Fiber like the primary');
  await expect(page.locator('#asked')).toBeHidden();
});

test('the pages of plans have no barrier and fit a phone', { tag: '@phone' }, async ({ page }) => {
  const id = await account.addPlan(`Long ${'x'.repeat(59)}`, [
    { 'route.0': ids.mobile ?? '', 'route.1': ids.dispatch ?? '', stagger: '5', enter_on: '404, 480-499, 5xx, no_answer' },
    { 'route.0': ids['portland-pbx'] ?? '', enter_on: 'any_failure' },
  ]);
  for (const [name, address] of [
    ['plans', list],
    ['plan-new', `${list}/new`],
    ['plan', `${list}/${id}`],
    ['plan-delete', `${list}/${id}/delete`],
  ] as const) {
    await open(page, address);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await axe(page);
    }
    if (scripted()) {
      await shots(page, name);
    }
    await page.setViewportSize({ width: 320, height: 640 });
    await expectNoSidewaysScroll(page);
  }
});
