import bowser from 'bowser';
import { type FastifyRequest } from 'fastify';

/** Who asks, as far as a request tells. */
export interface Requester {
  /** Null where proxies of ours named none. */
  readonly address: string | null;
  readonly userAgent: string | null;
  readonly requestId: string;
}

export function requesterOf({ visitor, headers, id }: FastifyRequest): Requester {
  return { address: visitor.address, userAgent: headers['user-agent']?.slice(0, 500) ?? null, requestId: id };
}

const browserNames = new Set(Object.values(bowser.BROWSER_MAP));
const systemNames = new Set(Object.values(bowser.OS_MAP));

/**
 * "Firefox on Linux", for people. Anyone can write anything into the header, and of a browser it does not know bowser
 * gives back the words found there; what is said in our mail is one of its own names or none.
 */
export function describeDevice(userAgent: string | null): string {
  if (!userAgent) return 'an unknown device';
  const { browser, os } = bowser.parse(userAgent);
  return `${known(browserNames, browser.name) ?? 'an unknown browser'} on ${known(systemNames, os.name) ?? 'an unknown system'}`;
}

function known(names: ReadonlySet<string>, name: string | undefined): string | undefined {
  return name !== undefined && names.has(name) ? name : undefined;
}
