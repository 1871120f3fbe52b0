import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { Account, fictional } from '../support/account.ts';
import { awake, expect, expectNoSidewaysScroll, open, scripted, test, useServer } from '../support/page.ts';

const server = useServer();
let account: Account;

test.beforeAll(async () => {
  account = await Account.create(server());
  await account.addRoute({ alias: 'seattle-pbx', kind: 'host', value: 'pbx.sea.example.com' });
  await account.addRoute({ alias: 'mobile', kind: 'phone', value: '+12065550199', answerer: 'person' });
  await account.importCsv(`number,alias,primary,failover\n+${fictional(206, 0)},Front desk,seattle-pbx,mobile\n+${fictional(206, 1)},Chair 1,seattle-pbx,\n`);
});

async function paste(page: Page, rows: string): Promise<void> {
  await open(page, '/dids/import');
  await page.getByLabel('Or paste rows').fill(rows);
  await page.getByRole('button', { name: 'Check the file' }).click();
}

/** Numbers that no other project of the run has brought in. */
const own = (last: number) => fictional(scripted() ? 303 : 404, last);

test('a dry run shows every row, errors by line, and applies nothing', { tag: ['@core', '@nojs'] }, async ({ page }) => {
  const before = await account.download();
  await paste(page, [
    'number,alias,primary,failover',
    `+${own(0)},new,seattle-pbx,mobile`,
    `+${fictional(206, 0)},renamed,,`,
    `+${fictional(206, 1)},Chair 1,seattle-pbx,`,
    '911,,,',
    `+${own(1)},,no-such-route,`,
    `+${own(2)},,mobile,mobile`,
    `+${own(0)},twice,,`,
  ].join('\n'));
  await expect(page.getByRole('status')).toContainText('4 of 7 rows cannot be imported, so nothing will be.');
  const line = (n: number) => page.getByRole('row').filter({ has: page.getByRole('cell', { name: String(n), exact: true }) });
  await expect(line(2)).toContainText('Add');
  await expect(line(3)).toContainText('Change');
  await expect(line(4)).toContainText('As it is');
  await expect(line(5)).toContainText('Error');
  await expect(line(6)).toContainText('No inbound route for the primary is called no-such-route.');
  await expect(line(7)).toContainText('The failover is the primary route itself');
  await expect(line(8)).toContainText('This number stands on line 2 already.');
  await expect(page.getByRole('button', { name: /^Import/ })).toBeHidden();
  await awake(page);
  expect(await account.download()).toBe(before);
});

test('pasted rows are imported after a look at them, and again change nothing', { tag: ['@core', '@nojs'] }, async ({ page }) => {
  const rows = `Telephone;Label;Route\n+${own(10)};Ten;seattle-pbx\n(${own(11).slice(1, 4)}) 555-0111;Eleven;\n`;
  await paste(page, rows);
  await expect(page.getByRole('status')).toContainText('2 DIDs will be added, 0 changed, 0 stay as they are. Nothing has been changed yet.');
  await page.getByRole('button', { name: 'Import 2 DIDs' }).click();
  await expect(page.getByRole('status')).toContainText('2 DIDs added or changed');
  await awake(page);
  await open(page, `/dids/${own(11)}`);
  await expect(page.getByRole('region', { name: 'Routing' })).toContainText('sip-reg');
  await expect(page.getByRole('region', { name: 'Recent changes' })).toContainText('DIDs imported');
  await paste(page, rows);
  await expect(page.getByRole('status')).toContainText('All 2 rows are as they should be already.');
  await awake(page);
});

for (const [what, rows, sentence] of [
  ['no column of numbers', 'name,route\na,b', 'No column is called number.'],
  ['two columns of numbers', 'number,did\n1,2', 'Two columns hold the number.'],
  ['no row', 'number,alias\n', 'There is no row below the column names.'],
  ['nothing', '', 'The file is empty.'],
] as const) {
  test(`rows with ${what} are refused with what would be right, and kept`, { tag: '@nojs' }, async ({ page, complaints }) => {
    complaints.expect(/422/);
    await paste(page, rows);
    await expect(page.getByRole('alert')).toContainText(sentence);
    await expect(page.getByLabel('Or paste rows')).toHaveValue(rows);
  });
}

test('pasted markup comes back as text', { tag: '@nojs' }, async ({ page, complaints }) => {
  complaints.expect(/422/);
  const rows = '\n</textarea><b id="injected">&amp;</b>\nx';
  await paste(page, rows);
  await expect(page.getByLabel('Or paste rows')).toHaveValue(rows);
  await expect(page.locator('#injected')).toHaveCount(0);
});

test('a spreadsheet\'s own file is refused with advice', { tag: '@nojs' }, async ({ page, complaints }) => {
  complaints.expect(/422/);
  await open(page, '/dids/import');
  await page.getByLabel('CSV file').setInputFiles({ name: 'numbers.xlsx', mimeType: 'application/zip', buffer: Buffer.from('PK\u0003\u0004xyz') });
  await page.getByRole('button', { name: 'Check the file' }).click();
  await expect(page.getByRole('alert')).toContainText('Save it as "CSV UTF-8"');
});

test('a DID that was edited after the dry run is not overwritten by the import', { tag: '@nojs' }, async ({ page, complaints }) => {
  complaints.expect(/409/);
  const number = own(20);
  await account.importCsv(`number,alias\n+${number},first\n`);
  await paste(page, `number,alias\n+${number},from the file\n`);
  await account.editDid(number, { alias: 'edited meanwhile', primary: '0', failover: '' });
  await page.getByRole('button', { name: 'Import 1 DID' }).click();
  await expect(page.getByRole('main')).toContainText(/olive@example.com changed this DID after/);
  expect(await account.page(`/dids/${number}`)).toContain('edited meanwhile');
});

test('the download honours the filter', { tag: ['@core', '@nojs'] }, async ({ page }) => {
  await account.importCsv(`number,alias\n+${own(30)},only ${own(30)}\n`);
  await open(page, `/dids/manage?q=only+${own(30)}`);
  const coming = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Download your DIDs (.csv)' }).click();
  const download = await coming;
  expect(download.suggestedFilename()).toBe('dids.csv');
  const text = readFileSync((await download.path()) ?? '', 'utf8');
  expect(text).toBe(`number,alias,primary,failover\r\n+${own(30)},only ${own(30)},sip-reg,\r\n`);
});

test('formulas are neutralised in the download, and come back as they were', { tag: '@nojs' }, async ({ page }) => {
  const number = own(40);
  for (const alias of ['=1+1', '+SUM(A1)', '-2', '@cmd', '\'=quoted']) {
    await account.editDid(fictional(206, 1), { alias, primary: '0', failover: '' });
    const line = (await account.download()).split('\r\n').find((one) => one.startsWith(`+${fictional(206, 1)},`)) ?? '';
    expect(line).toContain(`,'${alias},`);
    await paste(page, `number,alias,primary,failover\n${line}\n`);
    await expect(page.getByRole('status')).toContainText('Its one row is as it should be already.');
    await awake(page);
  }
  // A number is none.
  await account.importCsv(`number\n+${number}\n`);
  expect(await account.download(`?q=${number}`)).toContain(`\n+${number},`);
});

test('the download of everything is imported without a change', { tag: '@nojs' }, async ({ page }) => {
  await open(page, '/dids/import');
  await page.getByLabel('CSV file').setInputFiles({ name: 'dids.csv', mimeType: 'text/csv', buffer: Buffer.from(await account.download()) });
  await page.getByRole('button', { name: 'Check the file' }).click();
  await expect(page.getByRole('status')).toContainText('as they should be already');
});

test('a file of many parts is imported whole, and its last row decides', { tag: ['@core', '@nojs'] }, async ({ page, complaints }) => {
  complaints.expect(/422/);
  // British numbers that only these tests use: 20,000 for each run.
  const number = (n: number) => `+4420${scripted() ? 70 : 71}${String(900_000 + n)}`;
  const rows = (more: string) => [
    'number,alias,primary,failover',
    ...Array.from({ length: 20_000 }, (_, n) => `${number(n)},Desk ${n} of the large file,seattle-pbx,mobile`),
    more,
  ].join('\r\n');
  const bring = async (csv: string) => {
    await open(page, '/dids/import');
    await page.getByLabel('CSV file').setInputFiles({ name: 'large.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) });
    await page.getByRole('button', { name: 'Check the file' }).click();
  };
  await bring(rows('+44,"never closed,,'));
  await expect(page.getByRole('alert')).toContainText('A quotation mark on line 20002 is not closed');
  await bring(rows(`${number(0)},again,,`));
  await expect(page.getByRole('status')).toContainText('1 of 20,001 rows cannot be imported, so nothing will be.');
  await expect(page.getByRole('row').nth(1)).toContainText('This number stands on line 2 already.');
  await awake(page);
  await bring(rows(''));
  await expect(page.getByRole('status')).toContainText('20,000 DIDs will be added');
  await expect(page.getByRole('main')).toContainText('19,500 more rows are not shown');
  await page.getByRole('button', { name: 'Import 20,000 DIDs' }).click();
  await expect(page.getByRole('status')).toContainText('20,000 DIDs added or changed');
  await awake(page);
  await open(page, `/dids/${number(19_999).slice(1)}`);
  await expect(page.getByRole('main')).toContainText('Desk 19999 of the large file');
  await awake(page);
});

test('the import fits a phone', { tag: '@phone' }, async ({ page }) => {
  await open(page, '/dids/import');
  await expectNoSidewaysScroll(page);
  await paste(page, `number,alias,primary\n+${own(50)},${'x'.repeat(64)},seattle-pbx\nnonsense,,\n`);
  await expect(page.getByRole('status')).toContainText('1 of 2 rows cannot be imported');
  await expectNoSidewaysScroll(page);
});
