// What a full disk and an absent database do to a running server: it says so, loses nothing, and goes on afterwards.

import { execFileSync } from 'node:child_process';
import { Account, csv, fictional } from '../support/account.ts';
import { expect, test } from '../support/page.ts';
import { type Postgres, startPostgres } from '../support/postgres.ts';
import { Server, binary } from '../support/server.ts';

/** What no error page may say: of the database, of this machine, of the program. */
const INTERNALS = /sqlite|postgres|sqlx|select |insert |os error|\/tmp\/|\.rs\b|panicked|0\.1\.0/i;

/** What a load balancer gets. */
async function health(server: Server, query = ''): Promise<{ status: number; text: string }> {
  const answer = await fetch(`${server.url}/health${query}`);
  return { status: answer.status, text: await answer.text() };
}

/** `switchback audit verify` on the server's database. */
function verify(server: Server): string {
  return execFileSync(binary, ['audit', 'verify', '--database', server.database], { encoding: 'utf8' });
}

test('where there is no room, a change is refused with 507, nothing is lost, and it goes on when there is', async () => {
  const server = new Server();
  test.skip(!server.database.startsWith('sqlite:'), 'the disk of a PostgreSQL is not ours');
  try {
    await server.start();
    const account = await Account.create(server);
    const mobile = await account.addRoute({ alias: 'mobile', kind: 'phone', value: '+19495550123' });
    await account.importCsv(csv('number', [`+${fictional(206, 0)}`]));
    const before = await account.download();
    server.limitFiles(16);
    const edited = await account.tryEditDid(fictional(206, 0), { primary: mobile, failover: '' });
    expect(edited.status).toBe(507);
    expect(edited.text).toContain('There is no room to save this');
    expect(edited.text.replaceAll(/\/assets\/[^"]*/g, '')).not.toMatch(INTERNALS);
    const reference = /class="code">([0-9a-f]{8})</.exec(edited.text)?.[1] ?? 'none on the page';
    expect(server.log).toContain(reference);
    // What was there can be read meanwhile.
    expect(await account.download()).toBe(before);
    expect((await health(server)).status).toBe(200);
    server.limitFiles('unlimited');
    await account.editDid(fictional(206, 0), { primary: mobile, failover: '' });
    expect(await account.download(), server.log).not.toBe(before);
    await server.restart();
    expect(verify(server)).toMatch(/version 3: 4 operations/);
  } finally {
    await server.discard();
  }
});

test.describe('PostgreSQL goes away and comes back under a running server', () => {
  let postgres: Postgres;
  test.beforeAll(async () => (postgres = await startPostgres()));
  test.afterAll(() => postgres.stop());

  test('pages say so with 503, health tells the truth, and it works again without a restart', async () => {
    test.setTimeout(180_000);
    const server = new Server(postgres.url);
    try {
      await server.start();
      const account = await Account.create(server);
      const mobile = await account.addRoute({ alias: 'mobile', kind: 'phone', value: '+19495550123' });
      await account.importCsv(csv('number', [`+${fictional(206, 0)}`]));
      const before = await account.download();
      expect(await health(server)).toEqual({ status: 200, text: 'ok' });

      postgres.pause();
      const answers = await Promise.all([
        account.tryGet('/dids/manage'),
        account.tryGet('/activity'),
        account.tryEditDid(fictional(206, 0), { primary: mobile, failover: '' }, '1'),
      ]);
      for (const { status, text } of answers) {
        expect(status).toBe(503);
        expect(text).toContain('The database does not answer');
        expect(text.replaceAll(/\/assets\/[^"]*/g, '')).not.toMatch(INTERNALS);
      }
      // What was to be saved is kept, to be sent again.
      expect(answers.map(({ text }) => text.includes('Send it again'))).toEqual([false, false, true]);
      expect(answers[2].text).toContain(`name="primary" value="${mobile}"`);
      expect(await health(server)).toEqual({ status: 503, text: 'the database does not answer' });
      expect(await health(server, '?process')).toEqual({ status: 200, text: 'ok' });

      postgres.resume();
      await expect.poll(async () => (await health(server)).status, { timeout: 60_000 }).toBe(200);
      expect(await account.download()).toBe(before);
      await account.editDid(fictional(206, 0), { primary: mobile, failover: '' });
      expect(verify(server)).toMatch(/version 3: 4 operations/);
    } finally {
      await server.discard();
    }
  });
});
