import { isIP, isIPv4 } from 'node:net';
import type { FastifyRequest } from 'fastify';
import ipaddr from 'ipaddr.js';
import { ProblemError } from '../problems/problem-error.ts';
import type { Server } from './create-server.ts';

/** Who asks, as the network tells: the peer, or whom the trusted proxies name. */
export interface Visitor {
  /** Written in one way only, without port and zone, IPv4 always as IPv4; null where the proxies named no address. */
  readonly address: string | null;
  /**
   * What limits count: IPv6 by its /64, which is what one household or one attacker is given whole. Whatever is no
   * address counts as one and the same, so that nobody gets around a limit by being unreadable.
   */
  readonly countedAs: string;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Of the moment the request came in: `ip` is gone as soon as the peer is. */
    visitor: Visitor;
  }
}

/** Every request has its visitor from the first hook on; one that comes from nowhere is refused there. */
export function installVisitors(app: Server): void {
  // Asked for now, the socket remembers it: a peer that sends its request and resets at once is served all the same.
  app.server.on('connection', (socket) => {
    if (socket.remoteAddress === undefined) socket.destroy();
  });
  app.decorateRequest('visitor');
  app.addHook('onRequest', (request, _reply, done) => {
    const visitor = visitorOf(request);
    if (visitor) request.visitor = visitor;
    done(visitor ? undefined : new ProblemError('malformed-request'));
  });
}

/** Fastify promises a text, and gives none for a connection that was reset. */
function visitorOf({ ip }: { readonly ip: FastifyRequest['ip'] | undefined }): Visitor | undefined {
  return ip === undefined ? undefined : readVisitor(ip);
}

/** "192.0.2.1:443", "[2001:db8::1]:443" or "[2001:db8::1]", as some proxies write it into X-Forwarded-For. */
const withPort = /^(?:\[([^\]]+)\](?::\d+)?|([\d.]+):\d+)$/;

export function readVisitor(ip: string): Visitor {
  if (isIPv4(ip)) return { address: ip, countedAs: ip };
  const [, bracketed, portless] = withPort.exec(ip) ?? [];
  // The zone goes first: what Node takes for one is more than the parser does.
  const [text = ''] = (bracketed ?? portless ?? ip).split('%', 1);
  if (isIP(text) === 0) return { address: null, countedAs: 'unknown' };
  const parsed = ipaddr.process(text);
  if (parsed instanceof ipaddr.IPv4) return { address: parsed.toString(), countedAs: parsed.toString() };
  const network = parsed.parts.slice(0, 4).map((part) => part.toString(16));
  return { address: new ipaddr.IPv6(parsed.parts).toString(), countedAs: `${network.join(':')}::/64` };
}
