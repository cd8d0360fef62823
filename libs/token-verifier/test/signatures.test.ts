import { createHash, sign, type KeyObject } from 'node:crypto';
import t, { type Test } from 'tap';
import { isScalar } from '../src/signature.ts';
import { openVerifier, serveKeys, verdict } from './harness.ts';
import { createKey, issue } from './issuer.ts';

// The categories of Wycheproof's ECDSA vectors for P-256 in their raw form (IEEE P1363), made here with a key of our own.
const key = createKey();
const token = issue(key);
const [header = '', payload = '', signature = ''] = token.split('.');
const signed = `${header}.${payload}`;
const valid = Buffer.from(signature, 'base64url');
const [r, s] = [toInteger(valid.subarray(0, 32)), toInteger(valid.subarray(32))];
const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const prime = 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn;
const words = 2n ** 256n;

function toInteger(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
}

function toBytes(value: bigint, length = 32): Buffer {
  return Buffer.from(value.toString(16).padStart(2 * length, '0'), 'hex');
}

async function open(t: Test) {
  const server = await serveKeys(t, key);
  const { verifier } = await openVerifier(t, server.uri);
  t.equal(await verdict(verifier, token), 'accepted');
  return async (bytes: Uint8Array) => {
    const verdictOf = await verdict(verifier, `${signed}.${Buffer.from(bytes).toString('base64url')}`);
    if (server.requests !== 1) t.fail('somebody was asked for something');
    return verdictOf;
  };
}

void t.test('26: r and s from the edges of their range, and beyond it, sign nothing', async (t) => {
  const judge = await open(t);
  const edges = [0n, 1n, 2n, order - 1n, order, order + 1n, prime - order, prime - 1n, prime, prime + 1n, words - 1n];
  const near = [r, s, order - r, (r + order) % words, (r - order + words) % words, words - r, r ^ 1n, s ^ 1n];
  const values = [...new Set([...edges, ...near])];
  let refused = 0;
  for (const first of values) {
    for (const second of values) {
      if (first === r && second === s) continue;
      const verdict = await judge(Buffer.concat([toBytes(first), toBytes(second)]));
      if (verdict === 'signature') refused += 1;
      else t.fail(`${first.toString(16)} ${second.toString(16)}: ${verdict}`);
    }
  }
  t.equal(refused, values.length ** 2 - 1);
});

void t.test('26: a signature is checked by hand as well as by OpenSSL, which did not always do it', async (t) => {
  const { verifier } = await openVerifier(t, (await serveKeys(t, key)).uri);
  t.ok([1n, 2n, r, s, order - 1n].every((value) => isScalar(toBytes(value))));
  t.notOk([0n, order, order + 1n, prime, words - 1n].some((value) => isScalar(toBytes(value))));
  // The same letters to whoever looks at the last byte of each only.
  const alike = signed.replace(/.$/, (last) => String.fromCharCode(last.charCodeAt(0) + 0x100));
  t.equal(await verdict(verifier, `${alike}.${signature}`), 'signature');
});

void t.test('26: the mirrored signature, valid by the standard, says nothing but what was signed', async (t) => {
  const { verifier } = await openVerifier(t, (await serveKeys(t, key)).uri);
  const mirrored = Buffer.concat([toBytes(r), toBytes(order - s)]).toString('base64url');
  t.same(await verifier.verify(`${signed}.${mirrored}`), await verifier.verify(token));
});

void t.test('26: a signature in any encoding or length but 64 raw bytes is refused', async (t) => {
  const judge = await open(t);
  const der = sign('sha256', Buffer.from(signed), key.privateKey);
  const wrapped = (integer: Buffer) => Buffer.concat([Buffer.from([2, integer.length]), integer]);
  const sequence = (content: Buffer) => Buffer.concat([Buffer.from([0x30, content.length]), content]);
  const integers = [toBytes(r, 33), toBytes(s, 33)].map(wrapped);
  const others: Record<string, Uint8Array> = {
    DER: der,
    'DER of this very signature': sequence(Buffer.concat(integers)),
    'DER that fills 64 bytes': Buffer.concat([der, Buffer.alloc(64)]).subarray(0, 64),
    'BER with a long length': Buffer.concat([Buffer.from([0x30, 0x81, 70]), Buffer.concat(integers)]),
    empty: Buffer.alloc(0),
    'one byte': Buffer.alloc(1),
    'r alone': valid.subarray(0, 32),
    '63 bytes': valid.subarray(0, 63),
    '63 bytes, the other end': valid.subarray(1),
    '65 bytes': Buffer.concat([valid, Buffer.alloc(1)]),
    '65 bytes, the other end': Buffer.concat([Buffer.alloc(1), valid]),
    '66 bytes, both padded': Buffer.concat([toBytes(r, 33), toBytes(s, 33)]),
    '96 bytes, as for P-384': Buffer.concat([toBytes(r, 48), toBytes(s, 48)]),
    twice: Buffer.concat([valid, valid]),
    'the other order': Buffer.concat([valid.subarray(32), valid.subarray(0, 32)]),
    backwards: Buffer.from(valid).reverse(),
    'hexadecimal digits': Buffer.from(valid.toString('hex')),
    'base64 of base64': Buffer.from(signature),
  };
  for (const [name, bytes] of Object.entries(others)) t.match(await judge(bytes), /^(signature|malformed)$/, name);
});

void t.test('26: a signature over anything but this header and payload, by SHA-256, is refused', async (t) => {
  const judge = await open(t);
  const raw = (digest: string, text: string, privateKey: KeyObject = key.privateKey) =>
    sign(digest, Buffer.from(text), { key: privateKey, dsaEncoding: 'ieee-p1363' });
  for (const digest of ['sha1', 'sha224', 'sha384', 'sha512', 'sha512-256', 'sha3-256']) {
    t.equal(await judge(raw(digest, signed)), 'signature', digest);
  }
  const texts = [
    header,
    payload,
    `${payload}.${header}`,
    `${signed}.`,
    ` ${signed}`,
    Buffer.from(payload, 'base64url').toString(),
    createHash('sha256').update(signed).digest('hex'),
    '',
  ];
  for (const text of texts) t.equal(await judge(raw('sha256', text)), 'signature', text.slice(0, 30));
  t.equal(await judge(raw('sha256', signed, createKey().privateKey)), 'signature', 'another key');
  t.equal(await judge(raw('sha256', signed)), 'accepted', 'signatures are not deterministic, and all are good');
});

void t.test('26: the signature of one token is none for another, whatever is exchanged', async (t) => {
  const { verifier } = await openVerifier(t, (await serveKeys(t, key)).uri);
  const other = issue(key, { roles: ['user', 'admin'] });
  const parts = [token, other].map((each) => each.split('.'));
  for (let choice = 0; choice < 8; choice += 1) {
    const mixed = [0, 1, 2].map((part) => parts[(choice >> part) & 1]?.[part] ?? '').join('.');
    const expected = mixed === token || mixed === other ? 'accepted' : 'signature';
    t.equal(await verdict(verifier, mixed), expected, choice.toString(2));
  }
});
