import t from 'tap';
import { attachment, expectedVersions, isKnownVersion } from '../src/index.ts';
import { errorOf } from './support/error-of.ts';

void t.test('If-Match is read as RFC 9110 has it: lists, commas inside tags, weak tags never match', async (t) => {
  const cases: [string | undefined, ReturnType<typeof expectedVersions>][] = [
    [undefined, undefined],
    ['*', 'any'],
    [' * ', 'any'],
    ['"7"', [7]],
    ['"7", "8"', [7, 8]],
    ['"7"\t,,"8",', [7, 8]],
    ['W/"7"', []],
    ['W/"7", "8"', [8]],
    ['"a,b", "7"', [7]],
    ['""', []],
    ['"07", "7.0", "-7", "0", "1e3"', []],
    ['"99999999999999999999"', []],
    ['"\u00e9"', []],
  ];
  for (const [header, versions] of cases) {
    t.same(expectedVersions(header), versions, header ?? 'none');
  }
  for (const header of [
    '',
    ',',
    '7',
    '"7',
    '7"',
    '"7" "8"',
    '*, "7"',
    'w/"7"',
    '"7"x',
    '"a b"',
    '"a\\"7"',
    '"\u0100"',
    'W/ "7"',
  ]) {
    t.match(await errorOf(async () => expectedVersions(header)), { problem: 'malformed-request' }, header);
  }
});

void t.test('If-None-Match compares weakly', async (t) => {
  for (const header of ['"7"', 'W/"7"', '"6", W/"7"', '*']) t.ok(isKnownVersion(header, 7), header);
  for (const header of [undefined, '"70"', 'W/"6"', '""']) t.notOk(isKnownVersion(header, 7), header ?? 'none');
});

void t.test('a file is saved under the name people chose, and under nothing else', async (t) => {
  t.equal(
    attachment('Café Morgenrot: 90 days', 'md'),
    `attachment; filename="Cafe Morgenrot 90 days.md"; filename*=UTF-8''Caf%C3%A9%20Morgenrot%2090%20days.md`,
  );
  t.equal(attachment('計画', 'md'), `attachment; filename="file.md"; filename*=UTF-8''%E8%A8%88%E7%94%BB.md`);
  const hostile = [
    '../../etc/passwd',
    'a"; filename="b.exe',
    'x\r\nset-cookie: a=b',
    '\u202egnp.exe',
    '..',
    '%2e%2e%2f',
    '\ud800',
  ];
  for (const name of hostile) {
    const [, plain = '', extended = ''] =
      /^attachment; filename="([^"]*)"; filename\*=UTF-8''([!#$&+\-.^_`|~\w%]+)$/.exec(attachment(name, 'md')) ?? [];
    for (const saved of [plain, decodeURIComponent(extended)]) {
      t.match(saved, /^[^./\\\p{C}%"][^/\\\p{C}%"]*\.md$/u, `${JSON.stringify(name)} → ${saved}`);
    }
  }
  t.ok(attachment('\u{1f980}'.repeat(300), 'md').length < 1100, 'and never a name too long to save');
});

void t.test('a long header takes as long as it is, not as its square', async (t) => {
  for (const blanks of [' ', '\t ']) {
    const header = `"1",${blanks.repeat(500_000)}x`;
    const began = performance.now();
    t.match(await errorOf(async () => expectedVersions(header)), { problem: 'malformed-request' });
    const took = performance.now() - began;
    // By the square these are minutes.
    t.ok(took < 5_000, `${took} ms`);
  }
});
