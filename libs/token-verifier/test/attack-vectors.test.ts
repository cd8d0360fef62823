import { createHmac, generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { CompactSign, importJWK, SignJWT } from 'jose';
import t, { type Test } from 'tap';
import { openVerifier, serveKeys, verdict } from './harness.ts';
import { createClaims, createKey, encode, issue, signRaw } from './issuer.ts';

const key = createKey();
const good = issue(key);
const [goodHeader = '', goodPayload = '', goodSignature = ''] = good.split('.');
const header = { alg: 'ES256', kid: key.kid, typ: 'at+jwt' };
const groupOrder = 'ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551';

async function open(t: Test) {
  const server = await serveKeys(t, key);
  const { verifier } = await openVerifier(t, server.uri);
  await verifier.verify(good);
  return { server, refuse: (token: string) => verdict(verifier, token), verifier };
}

void t.test('26: a token of the issuer is accepted, whichever library signed it', async (t) => {
  const { verifier } = await open(t);
  t.type(await verifier.verify(issue(key)), 'object');
  const privateKey = await importJWK(key.privateKey.export({ format: 'jwk' }), 'ES256');
  const byJose = await new SignJWT(createClaims()).setProtectedHeader(header).sign(privateKey);
  t.match(await verifier.verify(byJose), { iss: 'http://localhost:3002', type: 'access', roles: ['user'] });
});

void t.test('26: none in any case, unsigned or with a borrowed signature, is refused', async (t) => {
  const { server, refuse } = await open(t);
  for (const alg of ['none', 'None', 'NONE', 'nOnE', '', null, undefined]) {
    const segment = encode({ ...header, alg });
    for (const signature of ['', goodSignature]) {
      t.match(await refuse(`${segment}.${goodPayload}.${signature}`), /^(header|malformed)$/, String(alg));
    }
  }
  t.equal(server.requests, 1, 'and nobody was asked for keys');
});

function asBuffer(part: number | Buffer): Buffer {
  return typeof part === 'number' ? Buffer.from([part]) : part;
}

void t.test('26: HS256 with the public key as its secret is refused', async (t) => {
  const { server, refuse } = await open(t);
  const secrets = [
    key.publicKey.export({ type: 'spki', format: 'pem' }),
    key.publicKey.export({ type: 'spki', format: 'der' }),
    key.publicKey.export({ type: 'spki', format: 'pem' }).toString().trim(),
    key.publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
    JSON.stringify(key.jwk),
    JSON.stringify({ keys: [key.jwk] }),
    Buffer.from(String(key.jwk['x']), 'base64url'),
    Buffer.concat([4, ...['x', 'y'].map((name) => Buffer.from(String(key.jwk[name]), 'base64url'))].map(asBuffer)),
    String(key.jwk['x']),
    key.kid,
    '',
  ];
  for (const secret of secrets) {
    for (const [alg, hash] of [
      ['HS256', 'sha256'],
      ['HS384', 'sha384'],
      ['HS512', 'sha512'],
      ['ES256', 'sha256'],
      ['ES256', 'sha512'],
    ] as const) {
      const signed = `${encode({ ...header, alg })}.${goodPayload}`;
      const token = `${signed}.${createHmac(hash, secret).update(signed).digest('base64url')}`;
      t.match(await refuse(token), alg === 'ES256' ? 'signature' : 'header');
    }
  }
  t.equal(server.requests, 1);
});

void t.test('26: other algorithms and other curves are refused, also under a known kid', async (t) => {
  const { server, refuse } = await open(t);
  for (const alg of ['ES384', 'ES512', 'ES256K', 'EdDSA', 'RS256', 'PS256', 'es256', ' ES256']) {
    t.equal(await refuse(signRaw(key, { ...header, alg }, createClaims())), 'header', alg);
  }
  for (const namedCurve of ['secp256k1', 'P-384']) {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve });
    const signature = sign('sha256', Buffer.from(`${goodHeader}.${goodPayload}`), {
      key: privateKey,
      dsaEncoding: 'ieee-p1363',
    });
    t.equal(await refuse(`${goodHeader}.${goodPayload}.${signature.toString('base64url')}`), 'signature', namedCurve);
  }
  t.equal(await refuse(issue(createKey(key.kid))), 'signature', 'another P-256 key under the same kid');
  t.equal(server.requests, 1);
});

void t.test('26: a wrong, missing or mangled typ is refused', async (t) => {
  const { server, refuse } = await open(t);
  for (const typ of ['JWT', 'jwt', 'AT+JWT', 'application/at+jwt', 'at+jwt ', '', null, undefined, ['at+jwt'], 1]) {
    t.equal(await refuse(issue(key, {}, { typ })), 'header', String(typ));
  }
  t.equal(server.requests, 1);
});

void t.test('26: a header that brings its own key, an extension or anything else is refused', async (t) => {
  const { server, refuse } = await open(t);
  const stranger = createKey();
  const extras: Record<string, unknown>[] = [
    { jku: server.uri },
    { x5u: server.uri },
    { x5c: ['MIIB'] },
    { jwk: stranger.jwk },
    { crit: ['exp'] },
    { crit: [] },
    { b64: false, crit: ['b64'] },
    { zip: 'DEF' },
    { cty: 'JWT' },
    { enc: 'A256GCM' },
    { iss: 'x' },
    { jku: 'file:///etc/passwd' },
    { 'x5t#S256': 'AA' },
    { p2c: 2 ** 31 },
    { epk: stranger.jwk },
    { __proto: {} },
    { url: server.uri, nonce: 'x' },
  ];
  for (const extra of extras) {
    t.equal(await refuse(issue(key, {}, extra)), 'header', JSON.stringify(extra).slice(0, 40));
    t.equal(await refuse(issue(stranger, {}, { ...extra, kid: key.kid })), 'header');
  }
  t.equal(server.requests, 1);
});

void t.test('26: a kid that is no plain name is refused before anyone is asked for it', async (t) => {
  const { server, refuse } = await open(t);
  const names = [
    '',
    '../../etc/passwd',
    "' OR 1=1",
    'a b',
    'ü',
    'x'.repeat(129),
    '__proto__/',
    1,
    null,
    undefined,
    [key.kid],
  ];
  for (const kid of names) t.equal(await refuse(issue(key, {}, { kid })), 'header', String(kid).slice(0, 30));
  t.equal(server.requests, 1);
});

void t.test('26: a header with repeated members, white space or escapes is refused', async (t) => {
  const { server, refuse } = await open(t);
  const spellings = [
    `{"alg":"none","alg":"ES256","kid":"${key.kid}","typ":"at+jwt"}`,
    `{"alg":"ES256","kid":"x","kid":"${key.kid}","typ":"at+jwt"}`,
    `{"alg":"ES256", "kid":"${key.kid}","typ":"at+jwt"}`,
    `{"\\u0061lg":"ES256","kid":"${key.kid}","typ":"at+jwt"}`,
    `\ufeff${JSON.stringify(header)}`,
    `${JSON.stringify(header)}\n`,
  ];
  for (const spelling of spellings) t.match(await refuse(signRaw(key, spelling, createClaims())), /header|malformed/);
  for (const text of ['null', '[]', '1', '"x"', '{', '']) {
    t.match(await refuse(signRaw(key, text, createClaims())), /header|malformed/, text);
  }
  const reordered = `{"typ":"at+jwt","alg":"ES256","kid":"${key.kid}"}`;
  t.equal(await refuse(signRaw(key, reordered, createClaims())), 'accepted', 'the order of members is free');
  t.equal(server.requests, 1);
});

void t.test('26: non-canonical encodings of a valid token are refused', async (t) => {
  const { server, refuse } = await open(t);
  const standard = (segment: string) => segment.replaceAll('-', '+').replaceAll('_', '/');
  // A signature with - or _ in it, so that the plain base64 alphabet spells it differently.
  let token = good;
  while (standard(token.split('.')[2] ?? '') === token.split('.')[2]) token = issue(key);
  const [h = '', p = '', s = ''] = token.split('.');
  const variants: Record<string, string> = {
    'base64 alphabet': `${h}.${p}.${standard(s)}`,
    'padded signature': `${h}.${p}.${s}==`,
    'padded payload': `${h}.${p}=.${s}`,
    'line break': `${h}.${p}.${s.slice(0, 40)}\n${s.slice(40)}`,
    'blank before': ` ${token}`,
    'blank after': `${token} `,
    'NUL after': `${token}\0`,
    'left-over bits': `${h}.${p}.${s.slice(0, -1)}${nextLetter(s.at(-1) ?? '')}`,
    'full-width dot': `${h}.${p}．${s}`,
    'four segments': `${token}.`,
    'five segments': `${token}.${p}.${s}`,
    'two segments': `${h}.${p}`,
    'JSON serialization': JSON.stringify({ protected: h, payload: p, signature: s }),
    empty: '',
    dots: '..',
    'empty payload': `${h}..${s}`,
  };
  t.equal(await refuse(token), 'accepted');
  for (const [name, variant] of Object.entries(variants)) {
    t.match(await refuse(variant), /^(malformed|header|signature)$/, name);
  }
  t.equal(server.requests, 1);
});

/** The neighbour in the base64url alphabet: decodes to the same bytes when only left-over bits differ. */
function nextLetter(letter: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  return alphabet[alphabet.indexOf(letter) + 1] ?? '';
}

void t.test('26: no single changed character of a valid token passes', async (t) => {
  const { refuse } = await open(t);
  const passed: string[] = [];
  for (let index = 0; index < good.length; index += 1) {
    const changed = `${good.slice(0, index)}${good[index] === 'A' ? 'B' : 'A'}${good.slice(index + 1)}`;
    if ((await refuse(changed)) === 'accepted') passed.push(changed);
  }
  t.same(passed, []);
});

void t.test('26: degenerate signatures are refused', async (t) => {
  const { refuse } = await open(t);
  const valid = Buffer.from(goodSignature, 'base64url').toString('hex');
  const [r, s] = [valid.slice(0, 64), valid.slice(64)];
  const zero = '0'.repeat(64);
  const one = '1'.padStart(64, '0');
  const pairs: [string, string][] = [
    [zero, zero],
    [zero, s],
    [r, zero],
    [one, zero],
    [zero, one],
    [one, one],
    [groupOrder, s],
    [r, groupOrder],
    [groupOrder, groupOrder],
    ['f'.repeat(64), 'f'.repeat(64)],
  ];
  const der = sign('sha256', Buffer.from(`${goodHeader}.${goodPayload}`), key.privateKey).toString('hex');
  const lengths = [der, valid.slice(0, 126), `${valid}00`, `00${valid}`, r, '00'];
  for (const hex of [...pairs.map((pair) => pair.join('')), ...lengths]) {
    const signature = Buffer.from(hex, 'hex').toString('base64url');
    t.equal(await refuse(`${goodHeader}.${goodPayload}.${signature}`), 'signature', hex.slice(0, 24));
  }
});

void t.test('26: claims that are missing, mistyped or meant for others are refused', async (t) => {
  const { server, refuse } = await open(t);
  const iat = createClaims().iat as number;
  const wrong: [Record<string, unknown>, string][] = [
    ...Object.keys(createClaims()).map((name): [Record<string, unknown>, string] => [{ [name]: undefined }, 'claims']),
    ...Object.keys(createClaims()).map((name): [Record<string, unknown>, string] => [{ [name]: null }, 'claims']),
    [{ iss: 'http://localhost:3002/' }, 'issuer'],
    [{ iss: 'https://evil.example' }, 'issuer'],
    [{ iss: 'http://localhost:3002@evil.example' }, 'issuer'],
    [{ iss: 'HTTP://localhost:3002' }, 'issuer'],
    [{ iss: 'http://localhost:3002#' }, 'issuer'],
    [{ iss: 'http://localhost:3002\u0000' }, 'issuer'],
    [{ iss: ['http://localhost:3002'] }, 'claims'],
    [{ aud: 'other' }, 'audience'],
    [{ aud: ['alva'] }, 'claims'],
    [{ aud: ['alva', 'other'] }, 'claims'],
    [{ sub: 'anna' }, 'claims'],
    [{ sub: 7 }, 'claims'],
    [{ sid: '' }, 'claims'],
    [{ exp: String(iat + 900) }, 'claims'],
    [{ exp: iat + 900.5 }, 'claims'],
    [{ exp: 1e21 }, 'claims'],
    [{ exp: true }, 'claims'],
    [{ exp: [iat + 900] }, 'claims'],
    [{ exp: -1 }, 'lifetime'],
    [{ exp: Number.MAX_SAFE_INTEGER }, 'lifetime'],
    [{ iat: -1 }, 'lifetime'],
    [{ auth_time: 'today' }, 'claims'],
    [{ nbf: null }, 'claims'],
    [{ nbf: iat + 30.5 }, 'claims'],
    [{ exp: iat - 31 }, 'lifetime'],
    [{ exp: iat }, 'lifetime'],
    [{ exp: iat + 86_401 }, 'lifetime'],
    [{ iat: iat - 1000, exp: iat - 30 }, 'expired'],
    [{ iat: iat + 31, exp: iat + 900 }, 'not-yet-valid'],
    [{ iat: 'now' }, 'claims'],
    [{ nbf: iat + 31 }, 'not-yet-valid'],
    [{ nbf: 'soon' }, 'claims'],
    [{ type: 'refresh' }, 'claims'],
    [{ type: 'id' }, 'claims'],
    [{ roles: 'admin' }, 'claims'],
    [{ roles: ['user', 1] }, 'claims'],
    [{ roles: ['user', ''] }, 'claims'],
    [{ roles: ['two words'] }, 'claims'],
    [{ amr: { 0: 'email', length: 1 } }, 'claims'],
  ];
  for (const [changes, reason] of wrong) t.equal(await refuse(issue(key, changes)), reason, JSON.stringify(changes));
  const purposes: [string, Record<string, unknown>][] = [
    ['an ID token', { typ: 'JWT' }],
    ['a logout token', { typ: 'logout+jwt' }],
    ['a DPoP proof', { typ: 'dpop+jwt', jwk: key.jwk }],
    ['a security event', { typ: 'secevent+jwt' }],
  ];
  for (const [name, other] of purposes) t.equal(await refuse(issue(key, {}, other)), 'header', name);
  for (const payload of ['', '[]', 'null', '{', '"x"']) {
    t.match(await refuse(signRaw(key, header, payload)), /^(claims|malformed)$/, payload);
  }
  t.equal(server.requests, 1);
});

void t.test('26: clocks may be 30 seconds apart, not more', async (t) => {
  const { refuse } = await open(t);
  const iat = createClaims().iat as number;
  t.equal(await refuse(issue(key, { iat: iat - 900, exp: iat - 29 })), 'accepted');
  t.equal(await refuse(issue(key, { iat: iat - 900, exp: iat - 30 })), 'expired');
  t.equal(await refuse(issue(key, { iat: iat + 30, exp: iat + 900 })), 'accepted');
});

void t.test('26: what is no text at all is refused like a bad token, as JavaScript may hand it over', async (t) => {
  const { server, refuse } = await open(t);
  for (const value of [undefined, null, 0, {}, [issue(key)], Buffer.from(issue(key)), new String(issue(key))])
    t.equal(await refuse(value as string), 'malformed');
  t.equal(server.requests, 1);
});

void t.test('26: an oversized token is refused unread', async (t) => {
  const { server, refuse } = await open(t);
  t.equal(await refuse(issue(key, { email: 'a'.repeat(500) })), 'malformed');
  const padded = (length: number) => issue(key, { email: 'a'.repeat(length) });
  const lengths = Array.from({ length: 400 }, (_, length) => padded(length)).filter((token) => token.length >= 1022);
  for (const token of lengths.slice(0, 6)) {
    t.equal(await refuse(token), token.length <= 1024 ? 'accepted' : 'malformed', `${token.length}`);
  }
  t.equal(await refuse('a'.repeat(1_000_000)), 'malformed');
  t.equal(await refuse('.'.repeat(1000)), 'malformed');
  const compact = await new CompactSign(new Uint8Array(5000)).setProtectedHeader(header).sign(key.privateKey);
  t.equal(await refuse(compact), 'malformed');
  t.equal(server.requests, 1);
});

void t.test(
  '26: a token that nobody could have issued never causes a request, even under an unknown kid',
  async (t) => {
    const { server, refuse } = await open(t);
    const stranger = createKey();
    t.equal(await refuse(issue(stranger, { iss: 'https://evil.example' })), 'issuer');
    t.equal(await refuse(issue(stranger, { exp: 1 })), 'lifetime');
    t.equal(await refuse(issue(stranger, {}, { kid: randomUUID(), jku: server.uri })), 'header');
    t.equal(server.requests, 1);
  },
);
