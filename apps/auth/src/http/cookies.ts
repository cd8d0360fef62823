import { type Server } from '@alva/service-kit';
import { fastifyCookie } from '@fastify/cookie';

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

/**
 * A cookie that only this service's own paths get to see. Where the service is reached by https its name says so: browsers
 * accept `__Secure-` from secure origins only. Plain http is for a developer's machine.
 */
export function createCookie({ name, publicUrl }: { name: string; publicUrl: string }): Cookie {
  const secure = publicUrl.startsWith('https:');
  const fullName = secure ? `__Secure-${name}` : name;
  const attributes = { path: '/auth', httpOnly: true, secure, sameSite: 'strict' } as const;
  return {
    name: fullName,
    // One pair at a time: parsed together, the first of two values of a name would hide the other.
    read: (header = '') =>
      header.split(';').flatMap((pair) => fastifyCookie.parse(pair, { decode: (value) => value })[fullName] ?? []),
    write: (value, maxAge) => fastifyCookie.serialize(fullName, value, { ...attributes, maxAge }),
    clear: () => fastifyCookie.serialize(fullName, '', { ...attributes, maxAge: 0 }),
  };
}
