// Which database a run is about: SQLite, or with SWITCHBACK_E2E_DATABASE=postgres a PostgreSQL that lives as long as the run.

import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { createDatabase, startPostgres } from './postgres.ts';

/** How the setup, which runs in a process of its own, tells the tests where its PostgreSQL is. */
const POSTGRES = 'SWITCHBACK_E2E_POSTGRES';

/** Called once before all tests; what it returns is called after them. */
export default async function setUp(): Promise<(() => void) | undefined> {
  const wanted = process.env.SWITCHBACK_E2E_DATABASE ?? 'sqlite';
  if (wanted === 'sqlite') {
    return undefined;
  }
  if (wanted !== 'postgres') {
    throw new Error(`SWITCHBACK_E2E_DATABASE is sqlite or postgres, not ${wanted}`);
  }
  const postgres = await startPostgres();
  process.env[POSTGRES] = postgres.url;
  return postgres.stop;
}

/** The URL of a database that nobody used before; `folder` is where a SQLite file may go. */
export function freshDatabase(folder: string): string {
  const postgres = process.env[POSTGRES];
  return postgres ? createDatabase(postgres, `e2e_${randomUUID().replaceAll('-', '')}`) : `sqlite:${join(folder, 'switchback.sqlite')}`;
}
