import { normalizeIP } from '@fastify/rate-limit';
import type { FastifyRequest } from 'fastify';

/**
 * Who is counted: the peer's address, or what the trusted proxies say it is. IPv6 by its /64, which is what one
 * household or one attacker is given whole; IPv4 written as IPv6 counts as IPv4.
 */
export function clientAddress(request: Pick<FastifyRequest, 'ip'>): string {
  return normalizeIP(request.ip, 64);
}
