import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import t, { type Test } from 'tap';
import { readEvents, type StreamEvent } from '../src/event-stream.ts';
import { readKeyDocument } from '../src/key-document.ts';
import { readRevocation, readRevocationList } from '../src/revocation-document.ts';
import { bearerToken, TokenRejected } from '../src/index.ts';
import { openVerifier, serveKeys } from './harness.ts';
import { createClaims, createKey, issue, signRaw } from './issuer.ts';

const key = createKey();
const good = issue(key);
const goodHeader = { alg: 'ES256', kid: key.kid, typ: 'at+jwt' };

/** Every token in, nothing but a verdict out: any other error, or requests to anyone, fail the property. */
async function open(t: Test) {
  const server = await serveKeys(t, key);
  const { verifier } = await openVerifier(t, server.uri);
  await verifier.verify(good);
  return async function accepts(token: string): Promise<boolean> {
    try {
      await verifier.verify(token);
      return true;
    } catch (error) {
      if (error instanceof TokenRejected) return false;
      throw error;
    } finally {
      // One for the keys, and one for a kid that nobody knows: more are not to be had in 30 s.
      if (server.requests > 2) t.fail('somebody was asked for something');
    }
  };
}

void t.test('26: no byte of a valid token can be changed, inserted, removed or moved', async (t) => {
  const accepts = await open(t);
  const position = fc.nat(good.length - 1);
  const mutation = fc.oneof(
    fc
      .tuple(position, fc.nat(255))
      .map(([at, byte]) => good.slice(0, at) + String.fromCharCode(byte) + good.slice(at + 1)),
    fc
      .tuple(position, fc.string({ minLength: 1, maxLength: 4, unit: 'binary' }))
      .map(([at, text]) => good.slice(0, at) + text + good.slice(at)),
    fc.tuple(position, fc.integer({ min: 1, max: 8 })).map(([at, count]) => good.slice(0, at) + good.slice(at + count)),
    fc.tuple(position, position).map(([from, to]) => {
      const letters = good.split('');
      [letters[from], letters[to]] = [letters[to] ?? '', letters[from] ?? ''];
      return letters.join('');
    }),
    fc
      .array(fc.tuple(position, fc.constantFrom('A', 'a', '0', '-', '_', '=', '.')), { minLength: 2, maxLength: 6 })
      .map((changes) => {
        const letters = good.split('');
        for (const [at, letter] of changes) letters[at] = letter;
        return letters.join('');
      }),
  );
  await fc.assert(
    fc.asyncProperty(mutation, async (token) => token === good || !(await accepts(token))),
    { numRuns: 5_000 },
  );
});

void t.test('26: any text at all is refused, and nothing else happens', async (t) => {
  const accepts = await open(t);
  const segment = fc.oneof(
    fc.string({ maxLength: 300, unit: 'binary' }),
    fc.base64String({ maxLength: 300 }),
    fc.jsonValue().map((value) => Buffer.from(JSON.stringify(value)).toString('base64url')),
    fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes).toString('base64url')),
    fc.constantFrom(...good.split('.')),
  );
  const text = fc.oneof(
    fc.array(segment, { maxLength: 6 }).map((parts) => parts.join('.')),
    fc.string({ maxLength: 2000 }),
  );
  await fc.assert(
    fc.asyncProperty(text, async (token) => token === good || !(await accepts(token))),
    { numRuns: 5_000 },
  );
});

void t.test('26: headers and claims of any content, well signed, bring nothing but a verdict', async (t) => {
  const accepts = await open(t);
  const name = fc.oneof(
    fc.constantFrom('alg', 'kid', 'typ', 'jku', 'jwk', 'x5u', 'crit', 'b64', '__proto__', 'constructor', 'toString'),
    fc.string({ maxLength: 8 }),
  );
  const value = fc.oneof(fc.jsonValue({ maxDepth: 3 }), fc.constantFrom('ES256', 'none', 'HS256', key.kid, 'at+jwt'));
  const extras = fc.dictionary(name, value, { maxKeys: 4 });
  await fc.assert(
    fc.asyncProperty(extras, extras, async (headerExtras, claimExtras) => {
      const header = { ...goodHeader, ...headerExtras };
      const accepted = await accepts(signRaw(key, header, createClaims(claimExtras)));
      // A token that is accepted had the one good header, spelled as it must be.
      const { alg, kid, typ, ...more } = header;
      const isGood = alg === 'ES256' && kid === key.kid && typ === 'at+jwt' && Object.keys(more).length === 0;
      return isGood || !accepted;
    }),
    { numRuns: 3_000 },
  );
});

void t.test('26: nesting as deep as a token can be is refused like anything else', async (t) => {
  const accepts = await open(t);
  for (const [open, close] of [
    ['[', ']'],
    ['{"a":', '}'],
  ] as const) {
    for (const depth of [10, 100, 300]) {
      const value = open.repeat(depth) + (open === '[' ? '' : '1') + close.repeat(depth);
      t.notOk(await accepts(signRaw(key, value, createClaims())));
      t.notOk(await accepts(signRaw(key, goodHeader, value)));
      t.notOk(await accepts(signRaw(key, goodHeader, value.slice(0, -1))));
      t.notOk(await accepts(signRaw(key, `{"alg":"ES256","kid":${value},"typ":"at+jwt"}`, createClaims())));
    }
  }
});

void t.test('documents of the issuer are read whole or not at all, whatever they are', async () => {
  const { kid: _, ...withoutKid } = key.jwk;
  const jwk = fc
    .dictionary(
      fc.constantFrom('kty', 'crv', 'x', 'y', 'd', 'kid', 'use', 'alg', 'key_ops', '__proto__'),
      fc.jsonValue(),
    )
    .map((changes) => ({ ...key.jwk, ...changes }));
  const documents = fc.oneof(
    fc.jsonValue().map((value) => JSON.stringify(value)),
    fc
      .array(fc.oneof(jwk, fc.constant(withoutKid), fc.jsonValue()), { maxLength: 5 })
      .map((keys) => JSON.stringify({ keys })),
    fc.record({ window: fc.jsonValue(), sessions: fc.jsonValue() }).map((value) => JSON.stringify(value)),
    fc
      .array(fc.record({ sid: fc.oneof(fc.uuid(), fc.jsonValue()), endedAt: fc.jsonValue() }))
      .map((sessions) => JSON.stringify({ window: 990, sessions })),
    fc.string(),
    fc.constantFrom('['.repeat(60_000), '{"a":'.repeat(12_000), '{"keys":'.repeat(8_000)),
  );
  const attempt = (read: (text: string) => unknown, text: string) => {
    try {
      return { value: read(text) };
    } catch (error) {
      if (error instanceof Error) return undefined;
      throw error;
    }
  };
  fc.assert(
    fc.property(documents, (text) => {
      const keys = attempt(readKeyDocument, text)?.value as ReturnType<typeof readKeyDocument> | undefined;
      attempt(readRevocationList, text);
      attempt(readRevocation, text);
      return (
        keys === undefined || keys.every(({ publicKey }) => publicKey.asymmetricKeyDetails?.namedCurve === 'prime256v1')
      );
    }),
    { numRuns: 3_000 },
  );
});

void t.test('events are the same however the network cuts them', async () => {
  const line = fc.oneof(
    fc.constantFrom(
      'event: revoked',
      'event:x',
      'data: {"a":1}',
      'data:',
      'data',
      ': still here',
      'retry: 1000',
      'id: 7',
      '',
    ),
    fc.string({ maxLength: 12 }).map((text) => `data: ü€😀${text.replaceAll(/[\r\n]/g, '')}`),
  );
  const stream = fc.array(fc.tuple(line, fc.constantFrom('\n', '\r\n', '\r')), { maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(stream, fc.array(fc.integer({ min: 1, max: 9 })), async (lines, cuts) => {
      const bytes = Buffer.from(lines.map((parts) => parts.join('')).join('') + '\n\n');
      const [whole, pieces] = await Promise.all([readAll([bytes]), readAll(cutUp(bytes, cuts))]);
      return (
        JSON.stringify(whole) === JSON.stringify(pieces) && JSON.stringify(whole) === JSON.stringify(bySplitting(bytes))
      );
    }),
    { numRuns: 2_000 },
  );
});

async function readAll(pieces: Uint8Array[]): Promise<StreamEvent[]> {
  const body = (async function* () {
    yield* pieces;
  })();
  const events: StreamEvent[] = [];
  for await (const event of readEvents(body, 10_000)) events.push(event);
  return events;
}

function cutUp(bytes: Uint8Array, lengths: number[]): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  let at = 0;
  for (const length of lengths) pieces.push(bytes.subarray(at, (at += length)));
  return [...pieces, bytes.subarray(at)];
}

/** The same once more, in the simplest way, for a stream that is there as a whole. */
function bySplitting(bytes: Buffer): StreamEvent[] {
  const blocks: string[][] = [[]];
  for (const line of bytes.toString().split(/\r\n|\r|\n/)) {
    if (line === '') blocks.push([]);
    else blocks.at(-1)?.push(line);
  }
  const values = (block: string[], name: string) =>
    block
      .filter((line) => line === name || line.startsWith(`${name}:`))
      .map((line) => line.slice(name.length + 1).replace(/^ /, ''));
  return blocks.flatMap((block) => {
    const data = values(block, 'data');
    const event = values(block, 'event').at(-1) ?? '';
    return data.length === 0 ? [] : [{ event: event === '' ? 'message' : event, data: data.join('\n') }];
  });
}

void t.test('an Authorization header of any content brings a token or a refusal', async (t) => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.string().map((text) => `Bearer ${text}`),
      ),
      (value) => {
        try {
          const token = bearerToken({ headers: { authorization: value }, rawHeaders: ['Authorization', value] });
          return value.toLowerCase().startsWith('bearer') && value.endsWith(token);
        } catch (error) {
          return error instanceof TokenRejected && !/^bearer( |$)/i.test(value);
        }
      },
    ),
    { numRuns: 2_000 },
  );
  const reasonOf = (authorization: string | undefined, rawHeaders: string[]) => {
    try {
      return bearerToken({ headers: authorization === undefined ? {} : { authorization }, rawHeaders });
    } catch (error) {
      return error instanceof TokenRejected ? error.reason : String(error);
    }
  };
  for (const other of [undefined, '', 'x', 'Bearertoken', 'Basic YTpi', 'no bearer x', 'x-bearer x']) {
    t.equal(reasonOf(other, ['Authorization', other ?? '']), 'missing', String(other));
  }
  t.equal(reasonOf('Bearer', ['Authorization', 'Bearer']), '', 'a token was meant, and it is empty');
  const twice = ['authorization', 'Bearer a', 'X-Request-Id', randomUUID(), 'AUTHORIZATION', 'Bearer a'];
  t.equal(reasonOf('Bearer a', twice), 'repeated-header');
  t.equal(
    reasonOf('Bearer a', ['X-Authorization', 'b', 'Accept-Ranges', 'Authorization', 'authorization', 'Bearer a']),
    'a',
  );
});
