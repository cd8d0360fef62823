import { gunzipSync } from 'node:zlib';
import { Validator } from '@seriousme/openapi-schema-validator';
import t from 'tap';
import { z } from 'zod';
import { createLogger, createServer, problemResponses } from '../src/index.ts';
import { installReference } from '../src/openapi/reference.ts';
import { openService, publicUrl } from './support/service.ts';

interface Document {
  openapi: string;
  servers: { url: string }[];
  paths: Record<
    string,
    Record<string, { responses: Record<string, { description: string; content?: Record<string, unknown> }> }>
  >;
}

void t.test('the document is valid OpenAPI 3.1 and lists every route with its errors', async (t) => {
  const { app } = await openService(t);
  const answer = await app.inject('/openapi.json');
  const document = answer.json<Document>();
  const { valid, errors } = await new Validator().validate(answer.json<Record<string, unknown>>());
  t.ok(valid, JSON.stringify(errors));
  t.match(document, { openapi: '3.1.0', servers: [{ url: publicUrl }] });
  t.strictSame(Object.keys(document.paths).sort(), [
    '/address',
    '/greetings',
    '/greetings/{id}',
    '/healthz',
    '/pings',
    '/readyz',
  ]);

  const responses = document.paths['/greetings']?.['post']?.responses ?? {};
  t.strictSame(Object.keys(responses), ['201', '401', '409', '429', '500', '503']);
  t.match(responses['401'], {
    description: /`link-used`.*`link-expired`/,
    content: { 'application/problem+json': {} },
  });
  t.match(responses['201'], { description: 'Made' });
  t.strictSame(Object.keys(document.paths['/readyz']?.['get']?.responses ?? {}), ['200', '500', '503'], 'unlimited');
});

void t.test('the reference page loads from this service alone', async (t) => {
  const { app } = await openService(t);
  const page = await app.inject('/reference');
  t.equal(page.statusCode, 200);
  t.notMatch(page.body, /https?:|\/\/(?!$)\w/, 'no address of anybody else in the page');
  const policy = String(page.headers['content-security-policy']);
  t.match(policy, "default-src 'none'");
  t.strictSame(policy.match(/https?:[^ ;]+|\*/g), [publicUrl], 'nor in what it may reach');
  t.notMatch(policy.match(/script-src[^;]*/)?.[0], /unsafe/);

  const script = await app.inject('/reference/scalar.js');
  t.match(script.headers, { 'content-type': /javascript/, 'content-encoding': 'gzip' });
  t.match(gunzipSync(script.rawPayload).toString(), 'createApiReference');
});

void t.test(
  'whoever opens the reference first waits until it is unpacked, however hurried the service is',
  async (t) => {
    const config = { NODE_ENV: 'test', LOG_LEVEL: 'silent', TRUST_PROXY: false } as const;
    const logger = createLogger({ name: 'hurried', level: 'silent' });
    const app = createServer({ name: 'hurried', publicUrl, config, logger });
    t.teardown(() => app.close());
    app.addHook('onRoute', (route) => {
      route.handlerTimeout ??= 1;
    });
    installReference(app, { title: 'Hurried', publicUrl });
    t.equal((await app.inject('/reference/scalar.js')).statusCode, 200);
  },
);

void t.test('what a problem says more than others is described, whatever else its status means', async (t) => {
  const { app } = await openService(t, {
    routes(app) {
      const response = { 200: z.object({}), ...problemResponses('step-up-required', 'forbidden', 'not-found') };
      app.get('/secrets', { schema: { tags: ['secrets'], summary: 'Secrets', response } }, async () => ({}));
    },
  });
  const { responses = {} } = (await app.inject('/openapi.json')).json<Document>().paths['/secrets']?.['get'] ?? {};
  const named = (schema: string) => ({ $ref: `#/components/schemas/${schema}` });
  t.match(responses['403']?.content, {
    'application/problem+json': { schema: { anyOf: [named('StepUpProblem'), named('Problem')] } },
  });
  t.match(responses['404']?.content, { 'application/problem+json': { schema: named('Problem') } });
});
