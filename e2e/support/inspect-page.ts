import { mkdirSync } from 'node:fs';
import axe from 'axe-core';
import { type Page } from 'playwright-core';
import { type Test } from 'tap';
import { artifacts } from './stack.ts';

// Colours are roles that hold at any width, and layouts hold in any colour: three looks see all that six would.
// The last is how a profile opens its pages.
const looks = [
  { width: 360, height: 780, colorScheme: 'dark' },
  { width: 768, height: 900, colorScheme: 'light' },
  { width: 1440, height: 900, colorScheme: 'light' },
] as const;

/**
 * Holds a page to what is asked of every page in every state: no axe violation (WCAG 2.2 AA and best practices) in light
 * and dark but for `exempt` rules, no sideways scrolling at any width. Keeps pictures as `artifacts/screens/<name>-<width>-<scheme>.png`.
 */
export async function inspectPage(t: Test, page: Page, name: string, exempt: string[] = []): Promise<void> {
  mkdirSync(`${artifacts}screens`, { recursive: true });
  // Pages behind another one draw once a second.
  await page.bringToFront();
  const findings: string[] = [];
  for (const { width, height, colorScheme } of looks) {
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ colorScheme });
    await drawn(page);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    if (overflow > 0) findings.push(`${width} px: ${overflow} px wider than the screen`);
    await page.screenshot({ path: `${artifacts}screens/${name}-${width}-${colorScheme}.png`, fullPage: true });
    findings.push(...(await violations(page, exempt)).map((found) => `${width} ${colorScheme}: ${found}`));
  }
  t.strictSame(findings, [], `${name}: accessible, and as wide as the screen`);
}

/** What floats follows a new width with the next frame, and colours fade, however quickly. */
async function drawn(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    const fades = document.getAnimations().filter((animation) => animation instanceof CSSTransition);
    await Promise.allSettled(fades.map(({ finished }) => finished));
  });
}

/** axe by itself: its Playwright builder loads the half megabyte of it twice for each audit, which takes longer than one. */
async function violations(page: Page, exempt: string[]): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe.source);
  return page.evaluate(
    async (rules) => {
      // What runs here runs in the page, where `axe` is the one that was put there.
      const { violations: found } = await axe.run(document, { rules, resultTypes: ['violations'] });
      return found.map(({ id, nodes }) => `${id} at ${nodes.map(({ target }) => target.join(' ')).join(', ')}`);
    },
    Object.fromEntries(exempt.map((rule) => [rule, { enabled: false }])),
  );
}
