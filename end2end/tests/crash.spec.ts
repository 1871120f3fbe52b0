import { execFile, execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Account, type Answer } from '../support/account.ts';
import { expect, open, test, useServer } from '../support/page.ts';
import { binary } from '../support/server.ts';

/** Runs a program to its end; throws if that is not 0. */
const run = promisify(execFile);
/** As many as make a bulk action last long enough to be hit. */
const DIDS = 20_000;

const server = useServer();
let account: Account;
/** How long an import of all of them takes, dry run included. */
let importTakesMs = 0;

test.beforeAll(async () => {
  test.setTimeout(180_000);
  account = await Account.create(server());
  await account.addRoute({ alias: 'mobile', kind: 'phone', value: '+19495550123', answerer: 'person' });
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
  return Number(await account.asOf('/dids/manage'));
}

/** Sends a bulk action for every DID. */
async function send(action: string, to: string): Promise<Answer> {
  return account.actOnAll(action, { to });
}

/** The same. On PostgreSQL, a job that a crash cut off is in its way until its server was silent for long enough. */
async function sendWhenFree(action: string, to: string): Promise<Answer> {
  for (let tries = 0; ; tries++) {
    const answer = await send(action, to);
    if (answer.status !== 409 || !answer.text.includes('Something else is being done') || tries === 40) {
      return answer;
    }
    await new Promise((later) => setTimeout(later, 500));
  }
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
    const cleared = await sendWhenFree('clear-failover-route', '');
    if (set > 0) {
      expect(cleared.status).toBe(303);
    }
  }
  info.annotations.push({ type: 'measured', description: `${hits} of 8 crashes fell into the action, which takes about ${takes} ms` });
  console.log(`${hits} of 8 crashes fell into the action, which takes about ${takes} ms`);
  expect(hits).toBeGreaterThan(0);
});

/** Each kind of small write: the form that makes `word` seen, filled from the page at `at`, and where it is seen then. */
const writes: Record<string, { at: () => string; form: (word: string) => Record<string, string>; seen: () => string }> = {
  'an edit of a DID': {
    at: () => `/dids/${numbers()[0]}`,
    form: (word) => ({ alias: word, primary: '0', failover: '' }),
    seen: () => `/dids/${numbers()[0]}`,
  },
  'an edit of a route': {
    at: () => `/interconnection/inbound-routes/${routeId}`,
    form: (word) => ({ alias: word, kind: 'phone', value: '+19495550123', edge: '', answerer: 'person' }),
    seen: () => '/interconnection/inbound-routes',
  },
  'an edit of a plan': {
    at: () => `/interconnection/failover-plans/${planId}`,
    form: (word) => ({ do: 'save', name: word, 'step.0.route.0': routeId, 'step.0.enter_on': 'outage', 'step.0.hours': '', 'step.0.no_response': '6', 'step.0.ring': '20' }),
    seen: () => '/interconnection/failover-plans',
  },
  'a new route': {
    at: () => '/interconnection/inbound-routes',
    form: (word) => ({ alias: word, kind: 'phone', value: '+19495550124', edge: '', answerer: 'person' }),
    seen: () => '/interconnection/inbound-routes',
  },
};
let routeId = '';
let planId = '';

for (const [kind, write] of Object.entries(writes)) {
  test(`a crash in the middle of ${kind} leaves it whole or not at all`, async () => {
    test.setTimeout(180_000);
    routeId ||= await account.addRoute({ alias: 'written', kind: 'phone', value: '+19495550125', answerer: 'person' });
    planId ||= await account.addPlan('Written', [{ 'route.0': routeId }]);
    const filled = async (word: string) => ({ ...write.form(word), as_of: await account.asOf(write.at()) });
    const first = await filled('measured');
    const started = Date.now();
    expect((await account.tryPost(write.at(), first)).status).toBe(303);
    const takes = Date.now() - started;
    for (const part of [0.2, 0.5, 0.8, 1.5]) {
      const word = `${kind}, ${part} of its time`;
      const before = await version();
      const doing = account.tryPost(write.at(), await filled(word));
      await new Promise((later) => setTimeout(later, takes * part));
      await server().crash();
      const { status } = await doing;
      await server().start();
      const after = await version();
      const when = `killed after ${Math.round(takes * part)} of about ${takes} ms, answered ${status}`;
      expect([before, before + 1], when).toContain(after);
      expect((await account.page(write.seen())).includes(word), when).toBe(after > before);
      expect(status === 303 && after === before, `confirmed and lost: ${when}`).toBe(false);
      expect(auditVerify(), when).toContain(`version ${after}:`);
    }
  });
}

test('a crash in the middle of an undo leaves all of it undone or nothing', async () => {
  test.setTimeout(300_000);
  const mobile = (await account.routeId('mobile')) ?? '';
  let takes = 0;
  for (const part of [0, 0.3, 0.6, 0.95]) {
    expect((await sendWhenFree('set-failover-route', mobile)).status).toBe(303);
    const before = await version();
    const started = Date.now();
    const doing = account.tryPost(`/activity/${before}/undo`, { reason: '' });
    if (part > 0) {
      await new Promise((later) => setTimeout(later, takes * part));
      await server().crash();
    }
    const { status } = await doing;
    takes ||= Date.now() - started;
    if (part > 0) {
      await server().start();
    }
    const when = `killed after ${Math.round(takes * part)} of about ${takes} ms, answered ${status}`;
    const undone = (await version()) - before;
    expect(await withFailover(), when).toBe(undone === 1 ? 0 : DIDS);
    expect([0, 1], when).toContain(undone);
    expect(status === 303 && undone === 0, `confirmed and lost: ${when}`).toBe(false);
    expect(auditVerify(), when).toContain(`version ${before + undone}:`);
    if (undone === 0) {
      expect((await send('clear-failover-route', '')).status).toBe(303);
    }
  }
});

/** `switchback audit verify` beside the server. */
function auditVerify(): string {
  return execFileSync(binary, ['audit', 'verify', '--database', server().database], { encoding: 'utf8' });
}

test('a backup that is taken while a bulk action is written is of before or of after it', { tag: '@core' }, async () => {
  test.setTimeout(180_000);
  const mobile = (await account.routeId('mobile')) ?? '';
  const file = join(server().folder, 'meanwhile.backup');
  for (const [action, to] of [['set-failover-route', mobile], ['clear-failover-route', '']] as const) {
    const before = await version();
    const doing = send(action, to);
    const { stdout } = await run(binary, ['backup', file, '--replace', '--database', server().database]);
    expect((await doing).status).toBe(303);
    expect(stdout).toMatch(new RegExp(`version (${before}|${before + 1}): `));
  }
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
