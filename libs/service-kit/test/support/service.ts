import { Writable } from 'node:stream';
import type { Test } from 'tap';
import { z } from 'zod';
import {
  createCounters,
  createLogger,
  createReadiness,
  createServer,
  installCors,
  installHealth,
  installOpenApi,
  installRateLimits,
  installSecurityHeaders,
  problemResponses,
  type Counters,
  type Metrics,
  type Readiness,
  type Server,
  type ServerOptions,
  type TrustProxy,
} from '../../src/index.ts';

export const publicUrl = 'https://greeter.example.com';
export const origin = 'https://app.example.com';

interface Options {
  counters?: Counters;
  max?: number;
  trustProxy?: TrustProxy;
  readiness?: Readiness;
  metrics?: Metrics;
  level?: ServerOptions['config']['LOG_LEVEL'];
  routes?: (app: Server) => void;
}

/** A whole small service, with everything it logged. */
export async function openService(t: Test, options: Options = {}) {
  const { counters = createCounters(), max = 1000, trustProxy = false, readiness = createReadiness({}) } = options;
  const lines: string[] = [];
  const destination = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(chunk.toString());
      done();
    },
  });
  const app = createServer({
    name: 'greeter',
    publicUrl,
    config: { NODE_ENV: 'test', LOG_LEVEL: 'silent', TRUST_PROXY: trustProxy },
    logger: createLogger({ name: 'greeter', level: options.level ?? 'debug', destination }),
    ...(options.metrics ? { metrics: options.metrics } : {}),
  });
  t.teardown(() => app.close());
  installSecurityHeaders(app, { publicUrl, contentSecurityPolicy: "default-src 'none'", cacheControl: 'no-store' });
  await installCors(app, { origins: [origin] });
  await installRateLimits(app, { counters, max, ...(options.metrics ? { metrics: options.metrics } : {}) });
  await installOpenApi(app, { title: 'Greeter', version: '1.0.0', description: 'Says hello.', publicUrl });
  installHealth(app, { readiness });
  await app.register(async (scope: Server) => {
    scope.post(
      '/greetings',
      {
        schema: {
          tags: ['greetings'],
          summary: 'Greet somebody',
          body: z.strictObject({
            name: z.string().min(1),
            address: z.strictObject({ 'a/b~c': z.string() }).optional(),
          }),
          response: {
            201: z.object({ text: z.string() }),
            ...problemResponses('conflict', 'link-used', 'link-expired'),
          },
        },
      },
      async (request, reply) => reply.code(201).send({ text: `Hello ${request.body.name}` }),
    );
    scope.get(
      '/greetings/:id',
      {
        schema: {
          tags: ['greetings'],
          params: z.object({ id: z.uuid() }),
          querystring: z.strictObject({ limit: z.coerce.number().int().optional() }),
          response: { 200: z.object({ id: z.string(), traceparent: z.string() }) },
        },
      },
      async (request) => ({ id: request.params.id, traceparent: request.traceparent }),
    );
    scope.post('/pings', (request) => {
      request.identify({ sub: 'person-1', sid: 'session-1' });
      return { pong: true };
    });
    scope.get('/address', (request) => ({ ip: request.ip }));
    options.routes?.(scope);
  });
  return { app, lines };
}

/** A GET route that fails with what the test hands over. */
export function failingWith(make: () => unknown) {
  return (app: Server) => {
    app.get('/fails', async () => {
      throw make();
    });
  };
}
