import { accessTokenAudience, accessTokenClaims, type AccessTokenClaims } from '@alva/validation';
import fc from 'fast-check';
import t from 'tap';
import { readClaims, type VerifiedToken } from '../src/claims.ts';
import { TokenRejected } from '../src/errors.ts';
import { audience, createClaims, encode, issuerUrl, start } from './issuer.ts';

const expected = { issuer: issuerUrl, audience, maximumLifetime: 86_400 };

/** What becomes of a payload: the claims, or why it is refused. */
function read(payload: unknown): VerifiedToken | string {
  const segment = Buffer.isBuffer(payload) ? payload.toString('base64url') : encode(payload);
  try {
    return readClaims(segment, expected, start);
  } catch (error) {
    if (error instanceof TokenRejected) return error.reason;
    throw error;
  }
}

/** One claim of a good payload becomes something else; the rest of the document stays good. */
const spoilt = fc
  .tuple(
    fc.constantFrom(...Object.keys(createClaims())),
    fc.oneof(
      fc.jsonValue(),
      fc.uuid(),
      fc.uuid().map((id) => id.toUpperCase()),
      fc.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/),
      fc.constantFrom('00000000-0000-0000-0000-000000000000', 'ffffffff-ffff-ffff-ffff-ffffffffffff'),
      fc.double(),
      fc.maxSafeInteger(),
      fc.constantFrom(2 ** 53, -(2 ** 53), 1e300, -0, 0.5, [], ['user'], ['admin', 'user'], ['email'], [['user']], {}),
      fc.array(fc.constantFrom('user', 'admin', 'email', 1, null)),
    ),
  )
  .map(([name, value]) => createClaims({ [name]: value }));

void t.test('claims are held to the schema of the issuer, whatever they are', async (t) => {
  let [good, bad] = [0, 0];
  const holds = (payload: unknown) => {
    // Through JSON, as on the wire: undefined is gone and -0 is 0.
    const received: unknown = JSON.parse(JSON.stringify(payload));
    const bySchema = accessTokenClaims.safeParse(received);
    const byHand = read(payload);
    if (!bySchema.success) {
      // Names of roles and of ways to sign in may be newer than this package; their kind is checked all the same.
      const unknownNamesOnly = bySchema.error.issues.every(
        ({ code, path }) => code === 'invalid_value' && path.length === 2 && typeof path[1] === 'number',
      );
      bad += 1;
      return byHand === 'claims' || (unknownNamesOnly && typeof byHand === 'object');
    }
    good += 1;
    if (typeof byHand === 'string') return !['claims', 'malformed'].includes(byHand);
    return JSON.stringify(accessTokenClaims.parse(byHand)) === JSON.stringify(bySchema.data);
  };
  fc.assert(fc.property(spoilt, holds), { numRuns: 20_000 });
  fc.assert(
    fc.property(fc.jsonValue(), (value) => ['claims', 'malformed'].some((reason) => read(value) === reason)),
    {
      numRuns: 2_000,
    },
  );
  t.ok(good > 500 && bad > 500, `${good} good, ${bad} bad`);
});

void t.test('claims and the default audience are those of the issuer', async (t) => {
  // The compiler checks it: whoever wants the claims of the issuer can be given those of a verified token, names aside.
  const claims: AccessTokenClaims = accessTokenClaims.parse(createClaims());
  const verified: VerifiedToken = claims;
  t.same(read(verified), claims);
  t.equal(accessTokenAudience, 'alva');
});

void t.test('roles and ways to sign in that are newer than the verifier are passed on', async (t) => {
  const claims = read(createClaims({ roles: ['user', 'editor'], amr: ['pwd', 'otp', 'urn:x-y_z.1'] }));
  t.match(claims, { roles: ['user', 'editor'], amr: ['pwd', 'otp', 'urn:x-y_z.1'] });
  t.equal(read(createClaims({ roles: ['a'.repeat(65)] })), 'claims');
});

void t.test('an identifier is a UUID and nothing around it', async (t) => {
  const id = '0199aaaa-0000-7000-8000-000000000001';
  t.type(read(createClaims({ sub: id, sid: id })), 'object');
  for (const other of [
    `${id} `,
    ` ${id}`,
    `${id}\n`,
    `x${id}`,
    `${id}0`,
    `${id},${id}`,
    `{${id}}`,
    id.replaceAll('-', ''),
  ]) {
    t.equal(read(createClaims({ sub: other })), 'claims', other);
    t.equal(read(createClaims({ sid: other })), 'claims', other);
  }
});

void t.test('nothing but the claims it knows leaves a payload', async (t) => {
  const names = Object.keys(createClaims());
  const hostile = JSON.stringify(createClaims({ admin: true, toString: 1, constructor: { prototype: {} } }));
  for (const extra of ['"__proto__":{"roles":["admin"],"admin":true}', '"hasOwnProperty":1', '"scope":"admin"']) {
    const claims = read(`${hostile.slice(0, -1)},${extra}}`);
    if (typeof claims === 'string') return t.fail(claims);
    t.same(Object.keys(claims).sort(), names.sort());
    t.equal(Object.getPrototypeOf(claims), Object.prototype);
    t.same(claims.roles, ['user']);
    t.notOk('admin' in claims || 'admin' in {});
  }
  const { roles: _, ...withoutRoles } = createClaims();
  const inherited = `${JSON.stringify(withoutRoles).slice(0, -1)},"__proto__":{"roles":["admin"]}}`;
  t.equal(read(inherited), 'claims', 'a claim is not inherited from one called __proto__');
});

void t.test('a payload has one spelling: no member twice, no white space, no escapes, no broken UTF-8', async (t) => {
  const text = JSON.stringify(createClaims({ email: 'ü@example.com' }));
  t.type(read(text), 'object');
  const others: Record<string, string | Buffer> = {
    'a member twice': text.replace('{', '{"sub":"0199aaaa-0000-7000-8000-000000000001",'),
    'a member twice, the same': text.replace('"type":"access"', '"type":"access","type":"access"'),
    'an escaped name': text.replace('"sub"', '"\\u0073ub"'),
    'an escaped value': text.replace('ü', '\\u00fc'),
    blanks: text.replace(',', ', '),
    'a line break at the end': `${text}\n`,
    'a byte order mark': `\ufeff${text}`,
    'another number': text.replace(/"iat":(\d+)/, '"iat":$1.0'),
    'broken UTF-8': Buffer.from(text.replace('ü', 'é'), 'latin1'),
    'half a surrogate pair': Buffer.concat([Buffer.from(text.split('ü')[0] ?? ''), Buffer.from('eda080', 'hex')]),
    'two documents': text + text,
    nothing: '',
    'a number': '1',
    'a text': '"x"',
    null: 'null',
    'a list': '[]',
  };
  for (const [name, payload] of Object.entries(others)) t.equal(read(payload), 'malformed', name);
});
