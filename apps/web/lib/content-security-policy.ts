interface Policy {
  nonce: string;
  apiUrl: string;
  authUrl: string;
  development: boolean;
  plainHttp: boolean;
}

/**
 * Scripts run by nonce only; requests go to auth and api, and to the site itself, from which the router fetches pages.
 * Development has to allow what Next's reload and error overlay need: eval, style elements and a socket.
 */
export function contentSecurityPolicy({ nonce, apiUrl, authUrl, development, plainHttp }: Policy): string {
  const directives: Record<string, string[]> = {
    'default-src': ["'none'"],
    'script-src': [`'nonce-${nonce}'`, "'strict-dynamic'", ...(development ? ["'unsafe-eval'"] : [])],
    'style-src': ["'self'", development ? "'unsafe-inline'" : `'nonce-${nonce}'`],
    'img-src': ["'self'", 'data:'],
    'font-src': ["'self'"],
    'connect-src': ["'self'", authUrl, apiUrl, ...(development ? ['ws:'] : [])],
    'manifest-src': ["'self'"],
    'base-uri': ["'none'"],
    'form-action': ["'self'"],
    'frame-ancestors': ["'none'"],
    ...(plainHttp ? {} : { 'upgrade-insecure-requests': [] }),
  };
  return Object.entries(directives)
    .map(([name, values]) => [name, ...values].join(' '))
    .join('; ');
}
