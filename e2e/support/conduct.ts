import { type BrowserContext } from 'playwright-core';
import { type Stack } from './stack.ts';

/**
 * Notes what no page may ever do, for the life of a profile: throw, break its own content policy, disagree with what the
 * server drew, ask strangers for anything, or put something where scripts look for tokens first.
 */
export function watchConduct(context: BrowserContext, stack: Stack) {
  const offences: string[] = [];
  const ours = new Set([stack.webUrl, stack.authUrl, stack.apiUrl]);
  context.on('weberror', (error) => offences.push(`thrown: ${String(error.error())}`));
  context.on('console', (message) => {
    // The browser's own lines about refused requests; journeys look at those themselves.
    if (message.type() !== 'error' || message.text().startsWith('Failed to load resource')) return;
    offences.push(`${message.page()?.url() ?? ''}: ${message.text()}`);
  });
  context.on('request', (request) => {
    const { protocol, origin } = new URL(request.url());
    if (protocol.startsWith('http') && !ours.has(origin)) offences.push(`asked a stranger: ${request.url()}`);
  });
  return {
    offences: async (): Promise<string[]> => {
      for (const page of context.pages()) {
        const stored = await page.evaluate(() => [...Object.keys(localStorage), ...Object.keys(sessionStorage)]);
        offences.push(...stored.map((key) => `stored in the page: ${key}`));
      }
      return offences;
    },
  };
}
