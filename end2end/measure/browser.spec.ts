// What people wait for in their own browser. `cargo xtask bench` runs this and puts the rows that it writes into
// bench/README.md; it is no part of the tests, for a time proves nothing on a busy machine.

import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { firstPerson, fictional } from '../support/account.ts';
import { expect, open, test, useServer } from '../support/page.ts';
import { binary } from '../support/server.ts';

const ROUTES = 100;
const PLANS = 10;
/** As many steps as a plan may have; with these clocks they stay just below the longest set-up. */
const STEPS = 10;
const KEYSTROKES = 30;

interface Row {
  what: string;
  measured: string;
  beside: string;
  budget: string;
  held: boolean;
}

const rows: Row[] = [];
const server = useServer();

/** No two DIDs are routed alike: a hundred primaries, ten plans. */
function account(): string {
  const route = (at: number): string => `trunk ${at % ROUTES}`;
  return JSON.stringify({
    format: 'switchback-account/1',
    account: { name: 'Measured', country: 'US' },
    routes: Array.from({ length: ROUTES }, (_, at) => ({
      alias: route(at),
      type: 'host',
      value: `trunk${at}.example.com`,
      carrier: `Carrier ${at % 10}`,
      site: `Site ${at % 5}`,
    })),
    plans: Array.from({ length: PLANS }, (_, plan) => ({
      name: `Plan ${plan}`,
      steps: Array.from({ length: STEPS }, (_, step) => ({
        routes: [route(plan * STEPS + step)],
        enter_on: 'any_failure',
        no_response_ms: 2_000,
        ring_ms: 8_000,
      })),
    })),
    dids: Array.from({ length: ROUTES * PLANS }, (_, at) => ({
      number: `+${fictional(201 + Math.floor(at / 100), at % 100)}`,
      primary: route(at),
      failover_plan: `Plan ${Math.floor(at / ROUTES)}`,
    })),
  });
}

/** Runs in the page: does something, waits until it shows, and until that is painted. In ms. */
async function untilPainted(page: Page, act: string, shows: string, times: number): Promise<number[]> {
  return page.evaluate(
    async ([act, shows, times]) => {
      const doIt = new Function('at', act as string) as (at: number) => void;
      const watched = document.querySelector(shows as string) as Element;
      const taken: number[] = [];
      for (let at = 0; at < (times as number); at += 1) {
        await new Promise((idle) => setTimeout(idle, 50));
        const changed = new Promise<void>((seen, failed) => {
          const observer = new MutationObserver(() => {
            observer.disconnect();
            seen();
          });
          observer.observe(watched, { subtree: true, childList: true, characterData: true });
          setTimeout(() => failed(new Error('nothing changed')), 5_000);
        });
        const start = performance.now();
        doIt(at);
        await changed;
        // The next frame, and the moment after it was drawn.
        await new Promise<void>((painted) =>
          requestAnimationFrame(() => {
            const channel = new MessageChannel();
            channel.port1.onmessage = () => painted();
            channel.port2.postMessage(0);
          }),
        );
        taken.push(performance.now() - start);
      }
      return taken;
    },
    [act, shows, times] as const,
  );
}

function quantile(times: number[], share: number): number {
  const sorted = [...times].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
}

function note(what: string, times: number[], most: number, beside: string): void {
  const median = quantile(times, 0.5);
  const [p50, p95] = [median, quantile(times, 0.95)].map((ms) => `${ms.toFixed(1)} ms`);
  rows.push({ what, measured: `p50 ${p50}, p95 ${p95}`, beside, budget: `≤ ${most} ms`, held: median <= most });
}

test.use({ bypassCSP: true });

test.beforeAll(async () => {
  const file = join(server().folder, 'account.json');
  writeFileSync(file, account());
  execFileSync(binary, ['--database', server().database, 'import', file], { cwd: server().folder });
  await firstPerson(server());
});

test.afterAll(() => {
  const file = process.env.SWITCHBACK_BENCH_BROWSER;
  if (file) {
    writeFileSync(file, JSON.stringify(rows));
  } else {
    console.table(rows);
  }
});

for (const throttle of [1, 4]) {
  test(`a keystroke in a plan of ten steps, until its timeline is painted, ${throttle} × slower`, async ({ page }) => {
    await open(page, '/interconnection/failover-plans/1');
    const devtools = await page.context().newCDPSession(page);
    await devtools.send('Emulation.setCPUThrottlingRate', { rate: throttle });
    const act = `
      const field = document.getElementById('step.0.no_response');
      field.value = at % 2 ? '2' : '2.5';
      field.dispatchEvent(new InputEvent('input', { bubbles: true }));`;
    // Everything silent: every step of the plan is walked.
    await page.locator('#asked-failure').selectOption({ index: 1 });
    const times = await untilPainted(page, act, '#call', KEYSTROKES);
    const name = throttle === 1 ? 'editor: keystroke to painted timeline, ten steps' : `the same, processor ${throttle} × slower`;
    note(name, times, throttle === 1 ? 50 : 200, `${times.length} keystrokes; waiting for the next frame counts`);
  });
}

test('the matrix of 1,000 DIDs, none alike, from the press to its paint', async ({ page }) => {
  await open(page, '/preview');
  const failures = "document.querySelector('#matrix summary').click();";
  const times = await untilPainted(page, failures, '#matrix', 1);
  const cells = await page.locator('#matrix tbody tr').count();
  expect(cells).toBeGreaterThanOrEqual(20);
  note('desk: matrix of 1,000 DIDs, none alike', times, 200, `${cells} failures; computed and painted`);
});
