import type { Page } from "playwright-core";

/**
 * Waits for an expression to hold in a page; false where it does not in time. Playwright's own way evaluates
 * within the page, which the policy of a report forbids.
 */
export async function waitUntil(
  page: Page,
  expression: string,
  timeoutMs = 5000,
): Promise<boolean> {
  const end = performance.now() + timeoutMs;
  while (performance.now() < end) {
    if (await page.evaluate<boolean>(expression)) return true;
    await page.waitForTimeout(20);
  }
  return false;
}
