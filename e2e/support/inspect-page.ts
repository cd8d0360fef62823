import { mkdirSync } from 'node:fs';
import { AxeBuilder } from '@axe-core/playwright';
import { type Page } from 'playwright-core';
import { type Test } from 'tap';
import { artifacts } from './stack.ts';

const widths = [360, 768, 1440] as const;
const schemes = ['light', 'dark'] as const;
// Colours are roles that hold at any width, and layouts hold in any colour: two audits see all that six would.
const audited = new Set(['360 dark', '1440 light']);

/**
 * Holds a page to what is asked of every page in every state: no axe violation (WCAG 2.2 AA and best practices) in light
 * and dark but for `exempt` rules, no sideways scrolling at any width. Keeps pictures as `artifacts/screens/<name>-<width>-<scheme>.png`.
 */
export async function inspectPage(t: Test, page: Page, name: string, exempt: string[] = []): Promise<void> {
  mkdirSync(`${artifacts}screens`, { recursive: true });
  // Pages behind another one draw once a second.
  await page.bringToFront();
  const before = page.viewportSize() ?? { width: 1440, height: 900 };
  const findings: string[] = [];
  for (const width of widths) {
    await page.setViewportSize({ width, height: width === 360 ? 780 : 900 });
    await drawn(page);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    if (overflow > 0) findings.push(`${width} px: ${overflow} px wider than the screen`);
    for (const colorScheme of schemes) {
      await page.emulateMedia({ colorScheme });
      await drawn(page);
      await page.screenshot({ path: `${artifacts}screens/${name}-${width}-${colorScheme}.png`, fullPage: true });
      if (!audited.has(`${width} ${colorScheme}`)) continue;
      findings.push(...(await violations(page, exempt)).map((found) => `${width} ${colorScheme}: ${found}`));
    }
  }
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize(before);
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

async function violations(page: Page, exempt: string[]): Promise<string[]> {
  // Legacy mode: the other one opens a page of its own, which takes the focus away from the one that is looked at.
  const { violations: found } = await new AxeBuilder({ page }).setLegacyMode().disableRules(exempt).analyze();
  return found.map(({ id, nodes }) => `${id} at ${nodes.map(({ target }) => target.join(' ')).join(', ')}`);
}
