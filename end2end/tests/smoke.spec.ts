import { axe, expect, shots, test, useServer } from '../support/page.ts';

useServer();

test('a first visit offers an account of one\'s own or sample data', { tag: ['@core', '@nojs', '@phone'] }, async ({ page }) => {
  await page.goto('/');
  await expect(page).toHaveURL('/welcome');
  await expect(page.getByRole('button', { name: 'Create your account' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Look around with sample data' })).toBeVisible();
});

test('the first page has no barriers and looks right in light, dark and on a phone', async ({ page }) => {
  await page.goto('/welcome');
  await axe(page);
  await shots(page, 'welcome');
});
