// A PostgreSQL of our own: made in a temporary folder, gone at the end. No service of the machine is touched.

import { execFileSync } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

/** A running PostgreSQL. */
export interface Postgres {
  /** The URL of its maintenance database, for `createDatabase`. */
  url: string;
  /** Takes it away as a crash would, its files stay. */
  pause(): void;
  /** Brings it back, at the same address. */
  resume(): void;
  /** Stops the server and removes its files. */
  stop(): void;
}

/** Starts a throw-away PostgreSQL on a free port of the loopback. Takes about a second. Throws if there is none to start. */
export async function startPostgres(): Promise<Postgres> {
  const programs = findPrograms();
  const folder = mkdtempSync(join(tmpdir(), 'switchback-postgres-'));
  const port = await freePort();
  const asPostgres = process.getuid?.() === 0 ? ['setpriv', '--reuid=postgres', '--regid=postgres', '--init-groups', '--'] : [];
  if (asPostgres.length > 0) {
    // The server refuses to run as root; the Debian package brings this user.
    chownSync(folder, id('-u'), id('-g'));
  }
  const run = (program: string, ...args: string[]): void => {
    const [first, ...rest] = [...asPostgres, join(programs, program), ...args] as [string, ...string[]];
    // Not piped: the server keeps the streams open, and the call would wait for it.
    execFileSync(first, rest, { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
  };
  const data = join(folder, 'data');
  const options = `-c listen_addresses=127.0.0.1 -p ${port} -c unix_socket_directories=${folder} -c fsync=off`;
  run('initdb', '-D', data, '-U', 'postgres', '-A', 'trust', '-N', '-E', 'UTF8', '--locale=C');
  const start = (): void => run('pg_ctl', '-D', data, '-w', '-l', join(folder, 'log'), '-o', options, 'start');
  const pause = (): void => run('pg_ctl', '-D', data, '-w', '-m', 'immediate', 'stop');
  start();
  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    pause,
    resume: start,
    stop() {
      pause();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Makes an empty database in the server that `url` names, and returns the new one's URL. */
export function createDatabase(url: string, name: string): string {
  execFileSync(join(findPrograms(), 'createdb'), [`--maintenance-db=${url}`, name], { stdio: ['ignore', 'ignore', 'inherit'] });
  return new URL(`/${name}`, url).href;
}

function id(which: '-u' | '-g'): number {
  return Number(execFileSync('id', [which, 'postgres'], { encoding: 'utf8' }));
}

/** The newest version that Debian installed, off the PATH; or what stands on the PATH. */
function findPrograms(): string {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [...versions.map((version) => join(debian, version, 'bin')), ...(process.env.PATH ?? '').split(delimiter)];
  const found = folders.find((folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'pg_ctl')));
  if (!found) {
    throw new Error('PostgreSQL is not installed: apt-get install postgresql');
  }
  return found;
}

/** A port that was free a moment ago; the system hands out each one only after a long while again. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => (address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port'))));
    });
  });
}
