import t from 'tap';
import { newAddress, startAuth, type Auth } from '../support/auth.ts';
import { openBrowser } from '../support/browser.ts';
import { honestClaims, sendJson, startForger, startServer, type Handler } from '../support/forger.ts';
import { landing, setOut } from '../support/providers.ts';

const envOf = (issuer: string) => ({
  OIDC_ISSUER_URL: issuer,
  OIDC_CLIENT_ID: 'alva',
  OIDC_CLIENT_SECRET: 'secret',
  OIDC_TRUST_EMAIL: 'true',
});
const auth = await startAuth(t);

const unavailable = /^auth_sign_ins_total\{way="oidc",outcome="unavailable".*\} 1$/m;

/** What the log says of one request, but for details that only developers read. */
const linesOf = ({ logged }: Auth, requestId: unknown) =>
  logged
    .map((line) => JSON.parse(line) as Record<string, unknown>)
    .filter((line) => line['requestId'] === requestId && line['level'] !== 'debug' && line['level'] !== 'trace');

const failures: Record<string, Handler> = {
  'says nothing': () => undefined,
  'answers 503': (_request, response) => sendJson(response, {}, 503),
  'hangs up': (request) => void request.socket.destroy(),
  'sends without end': (_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    const send = () => {
      while (!response.destroyed && response.write(' '.repeat(65_536)));
      response.once('drain', send);
    };
    send();
  },
  'leads in circles': (_request, response) => void response.writeHead(302, { location: '/' }).end(),
};

t.test('a provider that is down is told of within three seconds, on setting out', async (t) => {
  for (const [how, handler] of Object.entries(failures)) {
    const url = await startServer(t, { '/.well-known/openid-configuration': handler });
    const copy = await startAuth(t, { database: auth.database, env: envOf(url) });
    const started = performance.now();
    const told = landing(await openBrowser(copy.url).get('/auth/oauth/oidc'));
    t.match(told, { page: '/sign-in/problem', code: 'provider-unavailable', provider: 'oidc' }, how);
    t.ok(performance.now() - started < 3_000, `${how}: ${Math.round(performance.now() - started)} ms`);
  }
  const nobody = await startAuth(t, { database: auth.database, env: envOf('http://localhost:1') });
  const answer = await openBrowser(nobody.url).get('/auth/oauth/oidc');
  t.match(landing(answer), { code: 'provider-unavailable' });
  t.match(await nobody.metrics.registry.metrics(), unavailable, 'and counted');
  const requestId = answer.headers['x-request-id'];
  t.match(linesOf(nobody, requestId), [
    { level: 'warn', msg: 'a provider could not be asked to sign somebody in', provider: 'oidc' },
    { level: 'info', msg: 'GET /auth/oauth/oidc', status: 303, problem: 'provider-unavailable' },
  ]);
});

t.test('and on coming back; it makes nobody', async (t) => {
  for (const [how, handler] of Object.entries(failures)) {
    if (how === 'leads in circles') continue;
    const token = await startServer(t, { '/token': handler });
    const forger = await startForger(t, { token_endpoint: `${token}/token` });
    const copy = await startAuth(t, { database: auth.database, env: envOf(forger.url) });
    const browser = openBrowser(copy.url);
    const at = await setOut(browser);
    const started = performance.now();
    const answer = await browser.get(`/auth/oauth/oidc/callback?code=x&state=${at.searchParams.get('state') ?? ''}`);
    t.match(landing(answer), { page: '/sign-in/problem', code: 'provider-unavailable' }, how);
    t.ok(performance.now() - started < 3_000, how);
    t.match(await copy.metrics.registry.metrics(), unavailable);
    t.match(linesOf(copy, answer.headers['x-request-id']), [
      { level: 'warn', msg: 'nobody was signed in by a provider', provider: 'oidc', problem: 'provider-unavailable' },
      { level: 'info', msg: 'GET /auth/oauth/oidc/callback', status: 303, problem: 'provider-unavailable' },
    ]);
    t.equal(browser.cookies.has('refresh_token'), false);
  }
});

t.test('a provider that comes back is used again without a restart', async (t) => {
  const mood = { isDown: true };
  const forger = await startForger(t);
  const url = await startServer(t, {
    '/.well-known/openid-configuration': (_request, response) =>
      mood.isDown
        ? sendJson(response, {}, 503)
        : sendJson(response, {
            issuer: url,
            authorization_endpoint: `${url}/authorize`,
            token_endpoint: `${forger.url}/token`,
            jwks_uri: `${forger.url}/jwks`,
          }),
  });
  const copy = await startAuth(t, { database: auth.database, env: envOf(url) });
  const browser = openBrowser(copy.url);
  t.match(landing(await browser.get('/auth/oauth/oidc')), { code: 'provider-unavailable' });
  mood.isDown = false;
  const at = await setOut(browser);
  forger.next = { claims: { ...honestClaims(forger, at, newAddress()), iss: url } };
  const answer = await browser.get(`/auth/oauth/oidc/callback?code=x&state=${at.searchParams.get('state') ?? ''}`);
  t.match(landing(answer), { page: '/sign-in/complete' });
});
