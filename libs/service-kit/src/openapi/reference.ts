import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { fastify } from 'fastify';
import type { Server } from '../server/create-server.ts';

/** Everything Scalar would otherwise fetch or send elsewhere is turned off; the policy below makes sure of it. */
const settings = {
  url: '/openapi.json',
  withDefaultFonts: false,
  telemetry: false,
  hideClientButton: true,
  showDeveloperTools: 'never',
  agent: { disabled: true },
  mcp: { disabled: true },
};
const start = `Scalar.createApiReference('#app', ${JSON.stringify(settings)})`;
const startHash = `'sha256-${createHash('sha256').update(start).digest('base64')}'`;

/** GET /reference: the API to read and to try, without one request to anybody else. */
export function installReference(app: Server, { title, publicUrl }: { title: string; publicUrl: string }): void {
  const contentSecurityPolicy = [
    "default-src 'none'",
    `script-src 'self' ${startHash}`,
    // Scalar writes its own style elements and attributes.
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self' data:",
    `connect-src 'self' ${publicUrl}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
  const page = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><link rel="icon" href="data:,"><title>${escapeHtml(title)}</title></head>
<body><div id="app"></div><script src="/reference/scalar.js"></script><script>${start}</script></body>
</html>`;
  const options = { schema: { hide: true } } as const;

  app.get('/reference', options, (_request, reply) =>
    reply.header('content-security-policy', contentSecurityPolicy).type('text/html; charset=utf-8').send(page),
  );
  let script: Promise<Buffer> | undefined;
  // Whoever opens it first waits until it is unpacked, longer than for anything else; cut short, the page would stay empty.
  app.get('/reference/scalar.js', { ...options, handlerTimeout: 60_000 }, async (_request, reply) => {
    script ??= loadScalar();
    return (
      reply
        .type('text/javascript; charset=utf-8')
        // Every browser takes it; keeping the bundle a second time for those who do not is not worth 4 MB.
        .header('content-encoding', 'gzip')
        .header('cache-control', 'public, max-age=86400')
        .send(await script)
    );
  });
}

/**
 * Scalar's browser bundle is 4 MB inside its Fastify plugin, which offers no other way to it. It is taken out of a
 * private instance when somebody first opens the page, so that no start-up waits and no idle process carries it.
 */
async function loadScalar(): Promise<Buffer> {
  const { default: scalar } = await import('@scalar/fastify-api-reference');
  const box = fastify();
  await box.register(scalar, { configuration: { url: settings.url } });
  const { body } = await box.inject('/reference/js/scalar.js');
  return promisify(gzip)(body);
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
