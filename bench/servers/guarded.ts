// A Fastify service with one route, guarded in the way that GUARD names: what a verification costs is the difference.
import { createMetrics, createMetricsServer, createReadiness, createLogger } from '@alva/service-kit';
import { createTokenVerifier } from '@alva/token-verifier';
import { installTokenGuard } from '@alva/token-verifier/fastify';
import fastify from 'fastify';
import { createRemoteJWKSet, jwtVerify } from 'jose';

const { GUARD: guard = 'none', ISSUER: issuer = '', FOLLOW: follow } = process.env;
const app = fastify({ logger: false });

if (guard === 'jose') {
  const jwks = createRemoteJWKSet(new URL(`${issuer}/.well-known/jwks.json`));
  app.addHook('onRequest', async ({ headers: { authorization = '' } }, reply) => {
    const options = { issuer, audience: 'alva', algorithms: ['ES256'], typ: 'at+jwt' };
    await jwtVerify(authorization.slice('Bearer '.length), jwks, options).catch(() => reply.code(401).send());
  });
} else if (guard !== 'none') {
  const verifier = createTokenVerifier({
    issuer,
    ...(guard === 'alva-cold' ? { cacheCapacity: 0 } : {}),
    ...(follow === undefined ? { revocationsUri: false as const } : {}),
  });
  installTokenGuard(app, { verifier });
}
app.get('/', async () => ({ ok: true }));

const address = await app.listen({ host: '127.0.0.1', port: 0 });
const name = 'guarded';
const internal = createMetricsServer({
  name,
  config: { NODE_ENV: 'production', LOG_LEVEL: 'silent', TRUST_PROXY: false },
  metrics: createMetrics({ name }),
  readiness: createReadiness({}),
  logger: createLogger({ name, level: 'silent' }),
});
const internalAddress = await internal.listen({ host: '127.0.0.1', port: 0 });
process.stdout.write(`${JSON.stringify({ addresses: [address, internalAddress] })}\n`);
process.on('SIGTERM', () => process.exit(0));
