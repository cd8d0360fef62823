import t from 'tap';
import { readVisitor } from '../src/index.ts';
import { openService } from './support/service.ts';

void t.test('12: every spelling of an address, and all addresses of one /64, count as one', async (t) => {
  const same: [string, string[]][] = [
    ['203.0.113.1', ['::ffff:203.0.113.1', '::FFFF:CB00:7101', '0:0:0:0:0:ffff:cb00:7101', '::ffff:203.0.113.1%eth0']],
    ['203.0.113.1', ['203.0.113.1:443', '[::ffff:203.0.113.1]:443']],
    [
      '2001:db8:1:1::/64',
      [
        '2001:db8:1:1::1',
        '2001:DB8:0001:0001:FFFF:FFFF:FFFF:FFFF',
        '2001:db8:1:1:0:0:0:2',
        '2001:db8:1:1::192.0.2.1',
        '[2001:db8:1:1::1]',
        '[2001:db8:1:1::1]:443',
      ],
    ],
    ['fe80:0:0:0::/64', ['fe80::1%eth0', 'fe80::2%1', 'fe80::3%eth-0.1:a', 'fe80::']],
    ['0:0:0:0::/64', ['::1', '::']],
    [
      'unknown',
      ['', 'unknown', '_hidden', '203.0.113.256', '203.0.113.1:', '2001:db8::1::2', '<script>', '1.2.3.4, 5.6.7.8'],
    ],
  ];
  for (const [key, addresses] of same) for (const ip of addresses) t.equal(readVisitor(ip).countedAs, key, ip);
  t.not(readVisitor('2001:db8:1:2::1').countedAs, readVisitor('2001:db8:1:1::1').countedAs, 'the next household');
  t.not(readVisitor('203.0.113.2').countedAs, readVisitor('203.0.113.1').countedAs);
});

void t.test('an address is written in one way, whole, without port and zone; what is none is not kept', (t) => {
  const written: [string | null, string[]][] = [
    ['203.0.113.1', ['203.0.113.1', '::FFFF:CB00:7101', '[::ffff:203.0.113.1]:443', '203.0.113.1:443']],
    ['2001:db8::1', ['2001:DB8:0:0:0:0:0:1', '2001:db8::1%eth0', '2001:db8::1%eth-0', '[2001:db8::1]:443']],
    ['2001:db8:1:1::c000:201', ['2001:db8:1:1::192.0.2.1']],
    [null, ['', 'unknown', '<script>alert(1)</script>', 'x'.repeat(8_000), '1:'.repeat(3_000), '0x7f.1', '2130706433']],
  ];
  for (const [address, spellings] of written)
    for (const ip of spellings) t.equal(readVisitor(ip).address, address, ip.slice(0, 50));
  t.end();
});

void t.test('12: forged X-Forwarded-For in front of the declared proxies never chooses who is counted', async (t) => {
  const cases = [
    { declared: false, honest: [], peer: '203.0.113.9' },
    { declared: 1, honest: ['203.0.113.9'], peer: '10.0.0.1' },
    { declared: 2, honest: ['203.0.113.9', '192.0.2.1'], peer: '10.0.0.1' },
    { declared: ['10.0.0.0/8', '192.0.2.1'], honest: ['203.0.113.9', '192.0.2.1'], peer: '10.0.0.1' },
    { declared: ['fd00::/8'], honest: ['203.0.113.9'], peer: 'fd00::1' },
  ] as const;
  for (const { declared, honest, peer } of cases) {
    const { app } = await openService(t, {
      max: 10,
      trustProxy: declared === false ? false : typeof declared === 'number' ? declared : [...declared],
    });
    const statuses = new Set<number>();
    for (let count = 0; count < 10; count++) {
      const forged = [`198.51.100.${count}`, '10.0.0.1', `unknown${count}`, `198.51.100.${count}`].slice(count % 4);
      const headers = {
        'x-forwarded-for': [...forged, ...honest].join(', '),
        forwarded: `for=198.51.100.${count}`,
        'x-real-ip': `198.51.100.${count}`,
      };
      statuses.add((await app.inject({ url: '/address', remoteAddress: peer, headers })).statusCode);
    }
    t.strictSame([...statuses], [200], JSON.stringify(declared));
    const plain = honest.length > 0 ? { 'x-forwarded-for': honest.join(', ') } : {};
    t.equal(
      (await app.inject({ url: '/address', remoteAddress: peer, headers: plain })).statusCode,
      429,
      'all were one',
    );
  }
});
