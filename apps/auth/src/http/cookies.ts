export interface Cookie {
  readonly name: string;
  /** Every value the browser sent under the name: more than one means that somebody planted one. */
  read(header: string | undefined): string[];
  write(value: string, maxAgeSeconds: number): string;
  clear(): string;
}

/**
 * A cookie that only this service's own paths get to see. Where the service is reached by https its name says so: browsers
 * accept `__Secure-` from secure origins only. Plain http is for a developer's machine.
 */
export function createCookie({ name, publicUrl }: { name: string; publicUrl: string }): Cookie {
  const secure = publicUrl.startsWith('https:');
  const fullName = secure ? `__Secure-${name}` : name;
  const prefix = `${fullName}=`;
  const attributes = `Path=/auth; HttpOnly; ${secure ? 'Secure; ' : ''}SameSite=Strict`;
  return {
    name: fullName,
    read: (header = '') =>
      header
        .split(';')
        .map((part) => part.trim())
        .filter((part) => part.startsWith(prefix))
        .map((part) => part.slice(prefix.length)),
    write: (value, maxAgeSeconds) => `${prefix}${value}; Max-Age=${maxAgeSeconds}; ${attributes}`,
    clear: () => `${prefix}; Max-Age=0; ${attributes}`,
  };
}
