import type { Fetch } from './request.ts';
import type { WatchContext, WatchTiming } from './watch-job.ts';

export interface ConnectionOptions {
  /** Public address of the api, without a trailing slash. */
  apiUrl: string;
  /** Adds the access token and renews it on a 401: the `fetch` of an auth session. For a guest, the browser's own. */
  fetch: Fetch;
  /** Where `online` is heard of. Default: `window`, where there is one. */
  network?: EventTarget;
  /** Overrules how long streams wait, in milliseconds. */
  timing?: Partial<WatchTiming>;
}

export function connectionOf({
  apiUrl,
  fetch,
  network = browserWindow(),
  timing,
}: ConnectionOptions): Omit<WatchContext, 'getJob'> {
  return {
    baseUrl: apiUrl,
    fetch,
    network,
    timing: { silence: 45_000, firstRetry: 1000, longestRetry: 30_000, ...timing },
  };
}

function browserWindow(): EventTarget | undefined {
  return 'addEventListener' in globalThis ? globalThis : undefined;
}
