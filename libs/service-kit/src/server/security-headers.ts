import type { Server } from './create-server.ts';

export interface SecurityHeaderOptions {
  /** Where the world reaches this service; HSTS is sent when it is https. */
  publicUrl: string;
  /** Without frame-ancestors, which is always 'none'. */
  contentSecurityPolicy: string;
  /** Sent unless a route says otherwise; `no-store` where answers carry tokens. */
  cacheControl?: string;
}

/**
 * All values are constant, so they are put together once and set in one synchronous hook. Routes may override any of
 * them: the reference page brings its own policy.
 */
export function installSecurityHeaders(app: Server, options: SecurityHeaderOptions): void {
  const headers = Object.assign(app.baselineHeaders, {
    'content-security-policy': `${options.contentSecurityPolicy}; frame-ancestors 'none'`,
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'cross-origin-resource-policy': 'same-site',
  });
  if (options.publicUrl.startsWith('https:'))
    headers['strict-transport-security'] = 'max-age=63072000; includeSubDomains';
  if (options.cacheControl) headers['cache-control'] = options.cacheControl;
  app.addHook('onRequest', (_request, reply, done) => {
    reply.headers(headers);
    done();
  });
}
