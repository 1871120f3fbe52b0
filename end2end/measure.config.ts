import { defineConfig } from '@playwright/test';
import config from './playwright.config.ts';

// `cargo xtask bench` alone: times of one machine.
export default defineConfig({ ...config, testDir: 'measure', projects: [{ name: 'desktop' }], reporter: 'line' });
