import { Writable } from 'node:stream';
import { createLogger, createMetrics, createReadiness } from '@alva/service-kit';
import t from 'tap';
import { createApp } from '../../src/app.ts';
import { loadApiConfig } from '../../src/config.ts';
import { createStack } from '../support/stack.ts';

void t.test('the log says why a token was refused, and of which session it was', async (t) => {
  const { database, issuer, ...stack } = await createStack(t);
  const { resources } = await stack.api();
  const lines: string[] = [];
  const destination = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(chunk.toString());
      done();
    },
  });
  const app = await createApp({
    config: loadApiConfig({ NODE_ENV: 'test', DATABASE_URL: database.url, AUTH_URL: issuer.url }),
    resources,
    log: createLogger({ name: 'api', level: 'info', destination }),
    metrics: createMetrics({ name: 'api' }),
    readiness: createReadiness({}),
  });
  t.teardown(() => app.close());
  const [sid, sub] = [crypto.randomUUID(), crypto.randomUUID()];
  const iat = Math.floor(Date.now() / 1000) - 900;
  const ended = await issuer.issue({ sid, sub });
  resources.verifier.revokeSession(sid);
  const expired = await issuer.issue({ iat, exp: iat + 800, auth_time: iat });
  for (const token of [ended, expired, 'nonsense']) {
    const answer = await app.inject({ url: '/plans', headers: { authorization: `Bearer ${token}` } });
    t.equal(answer.statusCode, 401);
    t.notMatch(answer.body, /revoked|expired|malformed/, 'the sender is not told');
  }
  t.match(
    lines.map((line) => JSON.parse(line) as object),
    [
      { problem: 'invalid-token', reason: 'revoked', sid, sub },
      { problem: 'invalid-token', reason: 'expired' },
      { problem: 'invalid-token', reason: 'malformed' },
    ],
  );
});
