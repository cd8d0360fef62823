import t from 'tap';
import { emailAddress } from '../src/index.ts';

void t.test('one address per request, exactly the one stored', async (t) => {
  const accepted = {
    'anna@example.com': 'anna@example.com',
    'Anna+x@EXAMPLE.com': 'Anna+x@example.com',
    'a@müller.de': 'a@xn--mller-kva.de',
    'a@mu\u0308ller.de': 'a@xn--mller-kva.de',
    'a@MÜLLER.de': 'a@xn--mller-kva.de',
    'a@xn--mller-kva.de': 'a@xn--mller-kva.de',
    'a@XN--MLLER-KVA.de': 'a@xn--mller-kva.de',
    'a@straße.de': 'a@xn--strae-oqa.de',
    'a@例え.テスト': 'a@xn--r8jz45g.xn--zckzah',
  };
  for (const [typed, stored] of Object.entries(accepted)) t.equal(emailAddress.parse(typed), stored);
});

void t.test('anything but one plain address is refused', async (t) => {
  const refused = [
    '',
    '@',
    'a@',
    '@b.de',
    'a@b',
    'a@@b.de',
    'a b@c.de',
    ' a@b.de',
    'a@b.de ',
    'a@b.de\n',
    'a\u0000@b.de',
    'a@b.de,c@d.de',
    'a@b.de;c@d.de',
    '"a"@b.de',
    '"a@b.de"@c.de',
    'a(comment)@b.de',
    'a@b.de(comment)',
    'Anna <a@b.de>',
    '<a@b.de>',
    'a＠b.de',
    'a@b．de',
    'a@ｂ.de',
    'a@[127.0.0.1]',
    'a@127.0.0.1',
    'a@localhost',
    'a@-b.de',
    'a@b-.de',
    'a@b..de',
    '.a@b.de',
    'a.@b.de',
    'a..b@c.de',
    `${'a'.repeat(65)}@b.de`,
    `a@${'b'.repeat(64)}.de`,
    `a@${'b.'.repeat(130)}de`,
    'a@b.de%0a',
    'a@b.de/x',
    'a@b.de?x=y',
    'a@b.de#x',
    'a@b.de:25',
    'ä@b.de',
    'a\u0308@b.de',
    `a@${'ü'.repeat(56)}.${'ü'.repeat(56)}.${'ü'.repeat(56)}.${'ü'.repeat(56)}.de`,
    'a@b.de.',

    'a@ﬁ.de',
    'a@b。de',
    'mailto:a@b.de',
    'a@b.de\u202e',
  ];
  for (const typed of refused) t.notOk(emailAddress.safeParse(typed).success, JSON.stringify(typed));
});

void t.test('two spellings are one address only where the standard says so: in the domain', async (t) => {
  const one = ['a@müller.de', 'a@Müller.DE', 'a@mu\u0308ller.de', 'a@xn--mller-kva.de'];
  t.equal(new Set(one.map((typed) => emailAddress.parse(typed))).size, 1);
  const several = ['anna@b.de', 'Anna@b.de', 'an.na@b.de', 'anna+x@b.de', 'anna@strasse.de', 'anna@straße.de'];
  t.equal(new Set(several.map((typed) => emailAddress.parse(typed))).size, several.length);
});
