// What the log holds at its most talkative, and what it never holds.

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { Account, OWNER, csv, fictional } from '../support/account.ts';
import { expect, test } from '../support/page.ts';
import { createDatabase, startPostgres } from '../support/postgres.ts';
import { Server, binary } from '../support/server.ts';

const PASSWORD = 'db-password-of-this-test';

/** Things that people type: each is sent in a form, an upload or a search. */
const TYPED = ['typed-account', 'typed-alias', 'typed-carrier', 'typed-label', 'typed-case', 'typed-reason', 'typed-search', 'typed-wrong'];

test('no line of the log, at any level, holds a secret or what somebody typed', async () => {
  test.setTimeout(120_000);
  const postgres = await startPostgres();
  const database = new URL(createDatabase(postgres.url, 'logs'));
  database.password = PASSWORD;
  const server = new Server(database.href, { SWITCHBACK_LOG: 'trace' });
  try {
    await server.start();
    const account = await Account.create(server, 'typed-account');
    const route = await account.addRoute({ alias: 'typed-alias', kind: 'phone', value: '+12065550199', carrier: 'typed-carrier' });
    await account.importCsv(csv('number,alias', [`+${fictional(206, 0)},typed-label`]));
    await account.addCase('typed-case', `did=%2B${fictional(206, 0)}`, 'nobody');
    await account.actOnAll('set-failover-route', { to: route, reason: 'typed-reason' }, { q: 'typed-search' });
    await account.tryPost('/interconnection/inbound-routes', { alias: 'typed-wrong', kind: 'host', value: 'typed-wrong@example.com' });
    await account.tryPost(`/dids/${fictional(206, 0)}`, { alias: 'typed-wrong' });
    await account.tryGet('/dids/manage?q=typed-search');
    await account.tryGet('/dids/manage?sort=typed-wrong');
    // Of people: what opens a session, and the word of a link that works once.
    const cookie = server.session.split('=')[1] ?? '';
    const page = await (await fetch(`${server.url}/settings/people/invite`, {
      method: 'POST',
      headers: { cookie: server.session },
      body: new URLSearchParams({ email: 'typed-mail@example.com', role: 'viewer' }),
    })).text();
    const word = /\/invitation\/([0-9a-f]{64})/.exec(page)?.[1] ?? '';
    expect([cookie.length, word.length]).toEqual([64, 64]);
    await fetch(`${server.url}/invitation/${word}`);
    await fetch(`${server.url}/sign-in`, { method: 'POST', body: new URLSearchParams({ email: 'typed-mail@example.com', password: 'typed-password' }) });
    postgres.pause();
    await account.tryGet('/dids/manage?q=typed-search');
    expect(server.log, 'it is as talkative as it can be').toMatch(/TRACE|DEBUG/);
    expect(server.log).toContain('/dids/import');
    expect(server.log, 'a refused sign-in is a line of its own').toContain('sign-in refused: wrong password');
    for (const secret of [PASSWORD, OWNER.password, cookie, word, 'typed-mail', 'typed-password', ...TYPED]) {
      expect(server.log).not.toContain(secret);
    }
    // A command that fails says where it wanted to go, and not with what.
    const failed = await promisify(execFile)(binary, ['audit', 'verify', '--database', database.href]).catch((error: { stderr: string }) => error);
    expect(failed.stderr).toContain('because');
    expect(failed.stderr).not.toContain(PASSWORD);
  } finally {
    await server.discard();
    postgres.resume();
    postgres.stop();
  }
});

test('what a request says cannot begin a line of the log', async () => {
  const server = new Server(undefined, { SWITCHBACK_LOG: 'debug' });
  try {
    await server.start();
    for (const address of ['/%0a2026-01-01T00:00:00Z%20ERROR%20forged', '/%1b[31mforged', '/\u2028forged']) {
      await fetch(`${server.url}${address}`, { headers: { 'user-agent': 'forged', 'x-forwarded-for': 'forged' } });
    }
    const lines = server.log.split(/[\r\n\u2028]/).filter((line) => line.includes('forged'));
    expect(lines.length).toBeGreaterThan(0);
    for (const line of lines) {
      expect(line).toMatch(/^\d{4}-\d\d-\d\dT\S+ DEBUG .*method=GET path="/);
      expect(line).not.toContain('\u001b');
    }
  } finally {
    await server.discard();
  }
});
