import type { FastifyRequest } from 'fastify';
import ipaddr from 'ipaddr.js';

/** The way a request came. */
export interface Arrival {
  /** The peer, then the entries of X-Forwarded-For, nearest first. Whoever came without proxies is the peer. */
  readonly chain: readonly string[];
  /** How many of these, from the nearest on, are believed to be proxies of ours. */
  readonly believed: number;
}

export function arrivalOf({ headers, socket, ips }: FastifyRequest): Arrival {
  // Node joins repeated headers of this name.
  const entries = [headers['x-forwarded-for'] ?? []].flat().join(',').split(',');
  const addresses = entries.map((entry) => entry.trim()).filter((entry) => entry !== '');
  return { chain: [socket.remoteAddress ?? '', ...addresses.reverse()], believed: (ips?.length ?? 1) - 1 };
}

const nearRanges = new Set(['loopback', 'private', 'uniqueLocal', 'linkLocal', 'carrierGradeNat']);

/** True for addresses that are not on the internet, where proxies are and visitors are not. */
export function isNear(address: string): boolean {
  return ipaddr.isValid(address) && nearRanges.has(ipaddr.process(address).range());
}
