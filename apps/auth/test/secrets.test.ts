import t from 'tap';
import { isSecret, newCode, newSecret } from '../src/secrets/secret.ts';

t.test('a secret is 256 bits in their one spelling, and nothing around them', async (t) => {
  const secret = newSecret();
  t.ok(isSecret(secret));
  t.equal(Buffer.from(secret, 'base64url').length, 32);
  for (const other of [
    `${secret}A`,
    `A${secret}`,
    ` ${secret}`,
    `${secret}\n`,
    secret.slice(1),
    `${secret.slice(0, -1)}B`,
  ])
    t.notOk(isSecret(other), JSON.stringify(other));
});

t.test('12: a code is six letters of which each is as likely as any other', async (t) => {
  const codes = Array.from({ length: 60_000 }, newCode);
  t.ok(codes.every((code) => code.length === 6));
  const counts = Object.values(Object.groupBy(codes.join(''), (letter) => letter)).map((all) => all?.length ?? 0);
  t.equal(counts.length, 23);
  const expected = (codes.length * 6) / 23;
  // Six standard deviations; a remainder that favours a letter is worth more than ten.
  const strayed = Math.max(...counts.map((count) => Math.abs(count - expected)));
  t.ok(strayed < 6 * Math.sqrt(expected), `${expected.toFixed(0)} ± ${strayed.toFixed(0)}`);
});
