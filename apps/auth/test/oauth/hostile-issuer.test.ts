import { createHash, generateKeyPairSync } from 'node:crypto';
import { type JWTPayload, SignJWT } from 'jose';
import t from 'tap';
import { newAddress, startAuth } from '../support/auth.ts';
import { openBrowser } from '../support/browser.ts';
import { honestClaims, startForger, type Forger, type Forgery } from '../support/forger.ts';
import { landing, setOut } from '../support/providers.ts';

const forger = await startForger(t);
const envOf = ({ url }: Forger) => ({
  OIDC_ISSUER_URL: url,
  OIDC_CLIENT_ID: 'alva',
  OIDC_CLIENT_SECRET: 'secret',
  OIDC_TRUST_EMAIL: 'true',
});
const auth = await startAuth(t, { env: envOf(forger) });
const { sql } = auth.database;

type Forge = (claims: JWTPayload, setOutFor: URL) => Forgery | Promise<Forgery>;

/** Sets out and comes back with a code for which the issuer hands out this token. */
async function present(forge: Forge, email = newAddress(), extra = '') {
  const browser = openBrowser(auth.url);
  const at = await setOut(browser);
  forger.next = await forge(honestClaims(forger, at, email), at);
  const query = `code=x&state=${at.searchParams.get('state') ?? ''}${extra}`;
  const answer = await browser.get(`/auth/oauth/oidc/callback?${query}`);
  return { email, at, landing: landing(answer), hasSession: browser.cookies.has('refresh_token') };
}

const unsigned = (header: object, claims: JWTPayload, signature = '') =>
  [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.') + `.${signature}`;

const now = Math.floor(Date.now() / 1000);
const { privateKey: foreignKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const changed =
  (change: JWTPayload): Forge =>
  (claims) => ({ claims: { ...claims, ...change } });
const without =
  (name: string): Forge =>
  (claims) => ({ claims: Object.fromEntries(Object.entries(claims).filter(([key]) => key !== name)) });

const forgeries: Record<string, Forge> = {
  'another issuer': changed({ iss: 'https://accounts.google.com' }),
  'an issuer with a slash more': changed({ iss: `${forger.url}/` }),
  'no issuer': without('iss'),
  'another audience': changed({ aud: 'somebody-else' }),
  'an audience in other case': changed({ aud: 'ALVA' }),
  'no audience': without('aud'),
  'several audiences and no authorized party': changed({ aud: ['alva', 'somebody-else'] }),
  'several audiences, issued to another': changed({ aud: ['alva', 'somebody-else'], azp: 'somebody-else' }),
  'our audience, issued to another': changed({ azp: 'somebody-else' }),
  'an end that is past': changed({ iat: now - 900, exp: now - 600 }),
  'no end': without('exp'),
  'an end that is a text': (claims) => ({
    claims,
    raw: () => signed({ ...claims, exp: String(now + 300) as unknown as number }),
  }),
  'no time of issue': without('iat'),
  'another nonce': changed({ nonce: 'A'.repeat(43) }),
  'no nonce': without('nonce'),
  'the nonce of an earlier attempt': async (claims) => {
    const at = await setOut(openBrowser(auth.url));
    return { claims: { ...claims, nonce: at.searchParams.get('nonce') } };
  },
  'no subject': without('sub'),
  'an empty subject': changed({ sub: '' }),
  'a subject without end': changed({ sub: 'x'.repeat(256) }),
  'a key that is not the issuer’s': (claims) => ({ claims, key: foreignKey }),
  'a key that is not the issuer’s, by another name': (claims) => ({
    claims,
    key: foreignKey,
    header: { alg: 'RS256', kid: 'two' },
  }),
  'no signature': (claims) => ({ claims, raw: () => unsigned({ alg: 'none' }, claims) }),
  'no signature in other words': (claims) => ({ claims, raw: () => unsigned({ alg: 'nOnE' }, claims) }),
  'no algorithm': (claims) => ({ claims, raw: () => unsigned({ kid: 'one' }, claims) }),
  'an empty signature': (claims) => ({ claims, raw: () => unsigned({ alg: 'RS256', kid: 'one' }, claims) }),
  'a signature of nothing': (claims) => ({ claims, raw: () => unsigned({ alg: 'RS256', kid: 'one' }, claims, 'AAAA') }),
  'the public key as a shared secret': (claims) => ({
    claims,
    header: { alg: 'HS256', kid: 'one' },
    key: Buffer.from(forger.publicKey.export({ type: 'spki', format: 'pem' }).toString()),
  }),
  'the client secret as a key': (claims) => ({
    claims,
    header: { alg: 'HS256' },
    key: Buffer.from('secret'.padEnd(32, ' ')),
  }),
  'a key that it brings itself': async (claims) => {
    const header = { alg: 'RS256', jku: `${forger.url}/elsewhere`, kid: 'two' };
    return { claims, header, key: foreignKey };
  },
  'claims changed after signing': async (claims) => {
    const token = await signed({ ...claims, email: 'harmless@example.com' });
    const [header = '', , signature = ''] = token.split('.');
    const payload = Buffer.from(JSON.stringify(claims)).toString('base64url');
    return { claims, raw: () => `${header}.${payload}.${signature}` };
  },
  'no token at all': (claims) => ({ claims, raw: () => '' }),
};

function signed(claims: JWTPayload): Promise<string> {
  return new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'one' }).sign(forger.key);
}

t.test('17: an honest ID token makes somebody, so it is the forgery that the others are refused for', async (t) => {
  const { email, landing: told } = await present((claims) => ({ claims }));
  t.match(told, { page: '/sign-in/complete' });
  t.equal((await sql`select from auth.users where email = ${email}`).length, 1);
});

t.test('17: an ID token with something wrong makes nobody', async (t) => {
  for (const [name, forge] of Object.entries(forgeries)) {
    const { email, landing: told, hasSession } = await present(forge);
    t.match(told, { page: '/sign-in/problem', code: 'provider-refused' }, name);
    t.equal(hasSession, false);
    t.equal((await sql`select from auth.users where email = ${email}`).length, 0, name);
  }
  t.equal(forger.asked.get('/elsewhere'), undefined, 'no key is fetched from where a token says');
  t.match(auth.logged.join(''), 'unexpected ID Token', 'the log says what was wrong');
});

t.test('16: the code goes to the issuer once, with the verifier of the challenge', async (t) => {
  const before = forger.exchanges.length;
  const { at } = await present((claims) => ({ claims }));
  t.equal(forger.exchanges.length, before + 1);
  const verifier = forger.exchanges.at(-1)?.get('code_verifier') ?? '';
  const challenge = createHash('sha256').update(verifier).digest('base64url');
  t.equal(challenge, at.searchParams.get('code_challenge'));
  t.match(forger.exchanges.at(-1)?.get('redirect_uri'), /\/auth\/oauth\/oidc\/callback$/);
});

t.test('an error in place of a code, or a hybrid answer, makes nobody', async (t) => {
  for (const extra of ['&error=server_error', '&error=temporarily_unavailable'])
    t.match((await present((claims) => ({ claims }), newAddress(), extra)).landing, { code: 'provider-unavailable' });
  for (const extra of ['&error=<script>', '&id_token=x', '&response=x', '&code=y', '&iss=https://evil.example'])
    t.match(
      (await present((claims) => ({ claims }), newAddress(), extra)).landing,
      { code: 'provider-refused' },
      extra,
    );
  t.match((await present((claims) => ({ claims }), newAddress(), '&error=access_denied')).landing, {
    code: 'provider-cancelled',
  });
});

t.test('discovery document and keys are asked for once, also by many at once', async (t) => {
  const fresh = await startForger(t);
  const copy = await startAuth(t, { database: auth.database, env: envOf(fresh) });
  const travellers = await Promise.all(
    Array.from({ length: 8 }, async () => {
      const browser = openBrowser(copy.url);
      return { browser, at: await setOut(browser) };
    }),
  );
  t.equal(fresh.asked.get('/.well-known/openid-configuration'), 1);
  for (const { browser, at } of travellers) {
    fresh.next = { claims: honestClaims(fresh, at, newAddress()) };
    const answer = await browser.get(`/auth/oauth/oidc/callback?code=x&state=${at.searchParams.get('state') ?? ''}`);
    t.match(landing(answer), { page: '/sign-in/complete' });
  }
  t.equal(fresh.asked.get('/jwks'), 1);
});

t.test('a discovery document of somebody else is not believed', async (t) => {
  const impostor = await startForger(t, { issuer: 'https://accounts.google.com' });
  const copy = await startAuth(t, { database: auth.database, env: envOf(impostor) });
  t.match(landing(await openBrowser(copy.url).get('/auth/oauth/oidc')), { code: 'provider-unavailable' });
});
