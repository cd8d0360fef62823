import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import { z } from 'zod';

const secondsPerUnit = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 } as const;

/** "15m", "7d" or plain seconds, as seconds. */
export function durationSeconds({ min = 1, max = 10 * 365 * 86_400 }: { min?: number; max?: number } = {}) {
  return z.string().transform((text, context) => {
    const match = /^(\d{1,10})([smhdw])?$/.exec(text.trim());
    const seconds = match ? Number(match[1]) * secondsPerUnit[(match[2] ?? 's') as keyof typeof secondsPerUnit] : NaN;
    if (seconds >= min && seconds <= max) return seconds;
    return refuse(
      context,
      `must be a duration such as 45s, 15m, 12h or 7d, from ${min} to ${max} seconds; a number alone is seconds`,
    );
  });
}

/** A whole number in a range. */
export function wholeNumber({ min = 0, max = Number.MAX_SAFE_INTEGER }: { min?: number; max?: number } = {}) {
  return z.string().transform((text, context) => {
    const number = /^\d{1,16}$/.test(text.trim()) ? Number(text) : NaN;
    return number >= min && number <= max ? number : refuse(context, `must be a whole number from ${min} to ${max}`);
  });
}

/** A TCP port; 0 asks the system for a free one. */
export function port() {
  return wholeNumber({ min: 0, max: 65_535 });
}

/** `https://host[:port]`, without path. Whether plain http is acceptable is for `refuseInProduction` to say. */
export function httpOrigin() {
  return z
    .string()
    .transform(
      (text, context) =>
        parseOrigin(text) ?? refuse(context, 'must be an origin such as https://example.com, without path or query'),
    );
}

/** Comma-separated values; empty ones are dropped. */
export function list<Item extends z.ZodType<unknown, string>>(item: Item) {
  return z
    .string()
    .transform((text) =>
      text
        .split(',')
        .map((part) => part.trim())
        .filter((part) => part !== ''),
    )
    .pipe(z.array(item));
}

/** How many proxies stand in front (a hop count), or their addresses. `false` trusts nobody. */
export type TrustProxy = false | number | string[];

/**
 * "true" is refused on purpose: it would believe an X-Forwarded-For that anyone on the internet wrote, and every limit
 * per address would be decoration. So are networks that hold most of the internet, which is the same in other words.
 */
export function trustProxy() {
  return z.string().transform((text, context): TrustProxy => {
    const value = text.trim();
    if (value === '0' || value === 'false') return false;
    if (/^\d{1,2}$/.test(value)) return Number(value);
    const networks = value.split(',').map((part) => part.trim());
    if (networks.every(isNetwork)) return networks;
    return refuse(
      context,
      `must be a number of proxies or a list of their addresses (CIDR, at most /${widest[4]}, IPv6 /${widest[6]}), never "true"`,
    );
  });
}

export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

export function logLevel() {
  return z.enum(logLevels, { error: `must be one of ${logLevels.join(', ')}` });
}

/** 32 random bytes, base64. */
export function secretKey() {
  return z.string().transform((text, context) => {
    const bytes = Buffer.from(text, 'base64');
    if (/^[A-Za-z0-9+/]{43}=$/.test(text.trim()) && bytes.length === 32) return new Uint8Array(bytes);
    return refuse(context, 'must be 32 bytes in base64 (44 characters)');
  });
}

export const secretKeyCommand = `node -p "require('crypto').randomBytes(32).toString('base64')"`;

/** A connection URL of one of these schemes, for example `connectionUrl('postgres', 'postgresql')`. */
export function connectionUrl(...schemes: string[]) {
  return z.string().transform((text, context) => {
    const url = URL.parse(text);
    if (url && schemes.includes(url.protocol.slice(0, -1))) return text;
    return refuse(context, `must be a ${schemes.map((scheme) => `${scheme}://`).join(' or ')} URL`);
  });
}

/** "5/10m": so many per window. */
export function countPerWindow(standard: string) {
  return z
    .string()
    .prefault(standard)
    .transform((text, context) => {
      const [count = '', window = '', ...rest] = text.split('/');
      const max = wholeNumber({ min: 1 }).safeParse(count);
      const windowSeconds = durationSeconds({ max: 86_400 }).safeParse(window);
      if (max.success && windowSeconds.success && rest.length === 0)
        return { max: max.data, windowSeconds: windowSeconds.data };
      context.addIssue({ code: 'custom', message: `must be a number per time such as ${standard}` });
      return z.NEVER;
    });
}

export function isLoopback(origin: string): boolean {
  const { hostname } = new URL(origin);
  return hostname === 'localhost' || hostname.endsWith('.localhost') || /^127\./.test(hostname) || hostname === '[::1]';
}

function parseOrigin(text: string): string | undefined {
  const url = URL.parse(text.trim());
  const bare = url && ['http:', 'https:'].includes(url.protocol) && !url.username && !url.password && !url.hash;
  return bare && url.pathname === '/' && url.search === '' ? url.origin : undefined;
}

/** Prefixes of the largest networks that one operator can own: 10.0.0.0/8 is one. */
const widest = { 4: 8, 6: 16 } as const;

function isNetwork(text: string): boolean {
  if (['loopback', 'linklocal', 'uniquelocal'].includes(text)) return true;
  const [address = '', prefix, ...rest] = text.split('/');
  const version = isIP(address);
  if (version === 0 || !ipaddr.isValid(address) || rest.length > 0) return false;
  if (prefix === undefined) return true;
  const bits = version === 4 ? 32 : 128;
  const least = version === 4 ? widest[4] : isMapped(address) ? 96 + widest[4] : widest[6];
  return /^\d{1,3}$/.test(prefix) && Number(prefix) >= least && Number(prefix) <= bits;
}

/** An IPv4 network in IPv6's notation: ::ffff:0:0/96 is all of IPv4. */
function isMapped(address: string): boolean {
  const parsed = ipaddr.parse(address);
  return parsed instanceof ipaddr.IPv6 && parsed.isIPv4MappedAddress();
}

function refuse(context: z.RefinementCtx, message: string): never {
  context.addIssue({ code: 'custom', message });
  return z.NEVER;
}
