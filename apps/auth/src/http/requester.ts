import bowser from 'bowser';
import { type FastifyRequest } from 'fastify';

/** Who asks, as far as a request tells. */
export interface Requester {
  readonly address: string;
  readonly userAgent: string | null;
  readonly requestId: string;
}

export function requesterOf({ ip, headers, id }: FastifyRequest): Requester {
  return { address: ip, userAgent: headers['user-agent']?.slice(0, 500) ?? null, requestId: id };
}

/** "Firefox on Linux", for people. Never quotes the header itself: anyone can write anything into it. */
export function describeDevice(userAgent: string | null): string {
  if (!userAgent) return 'an unknown device';
  const { browser, os } = bowser.parse(userAgent);
  return `${browser.name ?? 'an unknown browser'} on ${os.name ?? 'an unknown system'}`;
}
