import { defineConfig, devices } from '@playwright/test';

// The system's browser: nothing is downloaded, and it is the one that people have.
const executablePath = process.env.SWITCHBACK_CHROMIUM ?? '/usr/bin/chromium';

export default defineConfig({
  testDir: 'tests',
  outputDir: 'test-results',
  // One at a time: the budgets that are measured here are per machine, not per core.
  workers: 1,
  retries: 0,
  forbidOnly: true,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  globalSetup: './support/database.ts',
  reporter: [['list'], ['json', { outputFile: process.env.SWITCHBACK_E2E_REPORT ?? 'test-results/report.json' }]],
  use: {
    ...devices['Desktop Chrome'],
    locale: 'en-US',
    screenshot: 'only-on-failure',
    trace: 'retain-on-failure',
    launchOptions: {
      executablePath,
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
  projects: [
    // Everything, but what is about the absence of JavaScript or about a small screen.
    { name: 'desktop', grepInvert: /@nojs-only|@phone-only/ },
    { name: 'no-javascript', grep: /@nojs/, use: { javaScriptEnabled: false } },
    { name: 'phone', grep: /@phone/, use: { viewport: { width: 390, height: 844 }, hasTouch: true } },
  ],
});
