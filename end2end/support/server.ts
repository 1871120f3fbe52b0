// The real server, started for one test file on a database of its own.

import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freshDatabase } from './database.ts';

const repository = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/** The server under test: SWITCHBACK_BIN, or what `cargo build --release` leaves. */
export const binary = process.env.SWITCHBACK_BIN ?? join(repository, 'target/release/switchback');

/** How long it may take to migrate an empty database and listen, and how long to end. */
const PATIENCE_MS = 20_000;

/** The settings of whoever runs the tests are not the tests' settings. */
function withoutSettings(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('SWITCHBACK_')));
}

/** One server and its database. `stop` keeps the database, `discard` does not. */
export class Server {
  /** Where it answers, without a slash at the end. */
  url = '';
  /** The session of whoever made its account, as a `Cookie` header: the tests of a file begin signed in with it. */
  session = '';
  /** Everything it wrote, for the message of a failing test. */
  log = '';
  readonly folder = mkdtempSync(join(tmpdir(), 'switchback-e2e-'));
  readonly database: string;
  private child: ChildProcess | undefined;

  /** On a database that nobody used before, or on the one that is named; with further settings. */
  constructor(database?: string, private readonly settings: Record<string, string> = {}) {
    this.database = database ?? freshDatabase(this.folder);
  }

  /** Starts it, and waits until it says its address. After a restart it is the same address. */
  async start(): Promise<void> {
    const port = this.url ? new URL(this.url).port : '0';
    // Where a file may not grow, writing is to fail, and not to end the process as it would by default.
    const start = 'trap "" XFSZ; exec "$0" "$@"';
    const serve = ['serve', '--listen', `127.0.0.1:${port}`, '--database', this.database];
    const child = spawn('sh', ['-c', start, binary, ...serve], {
      cwd: this.folder,
      env: { ...withoutSettings(process.env), ...this.settings },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child = child;
    this.url = await new Promise<string>((found, failed) => {
      const fail = (why: string): void => failed(new Error(`${binary}: ${why}\n${this.log}`));
      const late = setTimeout(() => fail('no address after 20 s'), PATIENCE_MS);
      const listen = (chunk: Buffer): void => {
        this.log += chunk.toString();
        const address = /http:\/\/127\.0\.0\.1:\d+/.exec(this.log.slice(before));
        if (address) {
          clearTimeout(late);
          found(address[0]);
        }
      };
      const before = this.log.length;
      child.stdout.on('data', listen);
      child.stderr.on('data', (chunk: Buffer) => (this.log += chunk.toString()));
      child.once('error', (error) => fail(error.message));
      child.once('exit', (code, signal) => fail(`ended with ${code ?? signal}`));
    });
  }

  /** Lets no file of the process grow beyond that, as on a full disk, or takes the limit away. */
  limitFiles(kib: number | 'unlimited'): void {
    const limit = kib === 'unlimited' ? kib : String(kib * 1024);
    // The soft limit alone: only root may raise the other one again.
    execFileSync('prlimit', ['--pid', String(this.child?.pid), `--fsize=${limit}:`]);
  }

  /** Ends it in good order. Throws if it did not end with 0. */
  async stop(): Promise<void> {
    const code = await this.end('SIGTERM');
    if (code !== 0) {
      throw new Error(`the server ended with ${code} when asked to stop\n${this.log}`);
    }
  }

  /** Ends it as a power cut would: kill -9. */
  async crash(): Promise<void> {
    await this.end('SIGKILL');
  }

  /** Ends it, and starts it again on the same database and address. */
  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  /** Ends it, whatever state it is in, and removes its files. */
  async discard(): Promise<void> {
    await this.end('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async end(signal: NodeJS.Signals): Promise<number | string | null> {
    const child = this.child;
    this.child = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) {
      return child?.exitCode ?? child?.signalCode ?? 0;
    }
    return new Promise((ended) => {
      const late = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
      child.once('exit', (code, by) => {
        clearTimeout(late);
        ended(code ?? by);
      });
      child.kill(signal);
    });
  }
}
