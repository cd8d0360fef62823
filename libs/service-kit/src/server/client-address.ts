import { isIPv4 } from 'node:net';
import type { FastifyRequest } from 'fastify';
import ipaddr from 'ipaddr.js';

/** "192.0.2.1:443", "[2001:db8::1]:443" or "[2001:db8::1]", as some proxies write it into X-Forwarded-For. */
const withPort = /^(?:\[([^\]]+)\](?::\d+)?|([\d.]+):\d+)$/;

/**
 * Who is counted: the peer's address, or what the trusted proxies say it is. IPv6 by its /64, which is what one
 * household or one attacker is given whole; IPv4 written as IPv6 counts as IPv4. Whatever is no address counts as one
 * and the same, so that nobody gets around a limit by being unreadable.
 */
export function clientAddress({ ip }: { readonly ip: FastifyRequest['ip'] | undefined }): string {
  // Undefined once the peer has hung up.
  if (ip === undefined) return 'unknown';
  if (isIPv4(ip)) return ip;
  const [, bracketed, portless] = withPort.exec(ip) ?? [];
  const address = bracketed ?? portless ?? ip;
  if (!ipaddr.isValid(address)) return 'unknown';
  const parsed = ipaddr.process(address);
  if (parsed instanceof ipaddr.IPv4) return parsed.toString();
  return `${parsed.parts
    .slice(0, 4)
    .map((part) => part.toString(16))
    .join(':')}::/64`;
}
