import { type Server } from '@alva/service-kit';
import { fastifyCookie } from '@fastify/cookie';
import { type FastifyRequest } from 'fastify';
import { isSecret } from '../secrets/secret.ts';

export interface Cookie {
  readonly name: string;
  /** Every value the browser sent under the name: more than one means that somebody planted one. */
  read(header: string | undefined): string[];
  write(value: string, maxAgeSeconds: number): string;
  clear(): string;
}

/** Only makes the plugin ready to read and write: few routes look at a cookie, and those want to know of every value. */
export async function installCookies(app: Server): Promise<void> {
  await app.register(fastifyCookie, { hook: false });
}

export interface CookieOptions {
  readonly name: string;
  readonly publicUrl: string;
  /** `lax` and `none` for what another site has to bring back with the browser: by a link, or by a form. */
  readonly sameSite?: 'strict' | 'lax' | 'none';
  /** Nothing but this very host can have set it (`__Host-`), no sibling domain either. */
  readonly isOfHostAlone?: boolean;
}

/**
 * A cookie that only this service's own paths get to see. Where the service is reached by https its name says so: browsers
 * accept `__Secure-` from secure origins only. Plain http is for a developer's machine.
 */
export function createCookie({ name, publicUrl, sameSite = 'strict', isOfHostAlone = false }: CookieOptions): Cookie {
  const isHttps = publicUrl.startsWith('https:');
  const ofHost = isHttps && isOfHostAlone;
  const fullName = isHttps ? `${ofHost ? '__Host-' : '__Secure-'}${name}` : name;
  // A browser keeps `SameSite=None` only with `Secure`, which it also takes from localhost.
  const secure = isHttps || sameSite === 'none';
  const attributes = { path: ofHost ? '/' : '/auth', httpOnly: true, secure, sameSite } as const;
  return {
    name: fullName,
    // One pair at a time: parsed together, the first of two values of a name would hide the other.
    read: (header = '') =>
      header.split(';').flatMap((pair) => fastifyCookie.parse(pair, { decode: (value) => value })[fullName] ?? []),
    write: (value, maxAge) => fastifyCookie.serialize(fullName, value, { ...attributes, maxAge }),
    clear: () => fastifyCookie.serialize(fullName, '', { ...attributes, maxAge: 0 }),
  };
}

/**
 * What this browser was given to be known by; undefined without. Of two values one was planted, by a sibling domain for
 * instance, and nothing tells which: then neither counts.
 */
export function readSecret(cookie: Cookie, { headers }: Pick<FastifyRequest, 'headers'>): string | undefined {
  const [secret, ...others] = cookie.read(headers.cookie);
  return others.length === 0 && secret !== undefined && isSecret(secret) ? secret : undefined;
}
