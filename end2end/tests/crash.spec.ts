import { Account } from '../support/account.ts';
import { expect, open, test, useServer } from '../support/page.ts';

/** As many as make a bulk action last long enough to be hit. */
const DIDS = 20_000;

const server = useServer();
let account: Account;
/** How long an import of all of them takes, dry run included. */
let importTakesMs = 0;

test.beforeAll(async () => {
  test.setTimeout(180_000);
  account = await Account.create(server());
  await account.addRoute({ alias: 'mobile', kind: 'phone', value: '+447700900123', answerer: 'person' });
  const started = Date.now();
  await account.importCsv(csvWithAliases('DID'));
  importTakesMs = Date.now() - started;
});

/** 555-0100 to 555-0199 of two hundred area codes. */
function numbers(): string[] {
  const areas = Array.from({ length: 800 }, (_, n) => 200 + n).filter((area) => area % 100 !== 11).slice(0, DIDS / 100);
  return areas.flatMap((area) => Array.from({ length: 100 }, (_, n) => `1${area}55501${String(n).padStart(2, '0')}`));
}

async function withFailover(): Promise<number> {
  return (await account.download('?failover=some')).split('\r\n').filter((line) => line.startsWith('+')).length;
}

/** The account's version, from the form of Manage. */
async function version(): Promise<number> {
  return Number(/name="as_of" value="(\d+)"/.exec(await account.page('/dids/manage'))?.[1]);
}

/** Sends a bulk action for every DID; resolves to the status, or to 0 when the server went away. */
async function send(action: string, to: string): Promise<{ status: number; location: string }> {
  const body = new URLSearchParams({ all: 'matching', as_of: String(await version()), to });
  return fetch(`${server().url}/dids/manage/${action}`, { method: 'POST', body, redirect: 'manual', headers: { cookie: server().session } }).then(
    (answer) => ({ status: answer.status, location: answer.headers.get('location') ?? '' }),
    () => ({ status: 0, location: '' }),
  );
}

test('what was confirmed before a crash is there after it', { tag: '@core' }, async ({ page }) => {
  test.setTimeout(180_000);
  const mobile = (await account.routeId('mobile')) ?? '';
  const set = await send('set-failover-route', mobile);
  await server().crash();
  expect(set.status).toBe(303);
  await server().start();
  expect(await withFailover()).toBe(DIDS);
  await open(page, set.location);
  await expect(page.getByRole('status')).toContainText('20,000 DIDs changed');
  const cleared = await send('clear-failover-route', '');
  await server().crash();
  expect(cleared.status).toBe(303);
  await server().start();
  expect(await withFailover()).toBe(0);
});

test('a crash in the middle of a bulk action leaves all of it or nothing, and the history agrees', { tag: '@core' }, async ({}, info) => {
  test.setTimeout(300_000);
  const mobile = (await account.routeId('mobile')) ?? '';
  const started = Date.now();
  expect((await send('set-failover-route', mobile)).status).toBe(303);
  const takes = Date.now() - started;
  expect((await send('clear-failover-route', '')).status).toBe(303);
  let hits = 0;
  for (const part of [0.05, 0.2, 0.35, 0.5, 0.65, 0.8, 0.9, 0.97]) {
    const before = await version();
    const doing = send('set-failover-route', mobile);
    await new Promise((later) => setTimeout(later, takes * part));
    await server().crash();
    const { status } = await doing;
    hits += status === 0 ? 1 : 0;
    await server().start();
    const set = await withFailover();
    const after = await version();
    const when = `killed after ${Math.round(takes * part)} of about ${takes} ms, answered ${status}`;
    expect([0, DIDS], when).toContain(set);
    // One version more and its result page, exactly when all were changed; a confirmed one is always there.
    expect(after - before, when).toBe(set === DIDS ? 1 : 0);
    const result = await account.page(`/activity/${before + 1}`);
    expect(result.includes('20,000 DIDs changed'), when).toBe(set === DIDS);
    if (status !== 0) {
      expect(set, when).toBe(DIDS);
    }
    if (set > 0) {
      expect((await send('clear-failover-route', '')).status).toBe(303);
    }
  }
  info.annotations.push({ type: 'measured', description: `${hits} of 8 crashes fell into the action, which takes about ${takes} ms` });
  console.log(`${hits} of 8 crashes fell into the action, which takes about ${takes} ms`);
  expect(hits).toBeGreaterThan(0);
});

test('a crash in the middle of an import leaves all of it or nothing', async () => {
  test.setTimeout(180_000);
  for (const part of [0.4, 0.55, 0.7, 0.85, 0.95]) {
    const word = `renamed${part * 100}`;
    const before = await version();
    const doing = account.importCsv(csvWithAliases(word)).then(() => true, () => false);
    await new Promise((later) => setTimeout(later, importTakesMs * part));
    await server().crash();
    const confirmed = await doing;
    await server().start();
    const renamed = (await account.download()).split('\r\n').filter((line) => line.includes(`,${word} `)).length;
    const when = `killed after ${Math.round(importTakesMs * part)} of about ${importTakesMs} ms, confirmed: ${confirmed}`;
    expect([0, DIDS], when).toContain(renamed);
    expect((await version()) - before, when).toBe(renamed === DIDS ? 1 : 0);
    if (confirmed) {
      expect(renamed, when).toBe(DIDS);
    }
  }
});

function csvWithAliases(word: string): string {
  return `number,alias\n${numbers().map((digits) => `+${digits},${word} ${digits}`).join('\n')}\n`;
}
