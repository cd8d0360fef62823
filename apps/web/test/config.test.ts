import t from 'tap';
import { parseConfig } from '../lib/config.ts';

const production = {
  NODE_ENV: 'production',
  WEB_URL: 'https://app.example.com',
  API_URL: 'https://api.example.com',
  AUTH_URL: 'https://auth.example.com/',
};

void t.test('the addresses are those of the environment', async (t) => {
  t.strictSame(parseConfig(production), {
    public: { apiUrl: 'https://api.example.com', authUrl: 'https://auth.example.com', inboxUrl: null },
    plainHttp: false,
  });
  t.equal(parseConfig({ ...production, WEB_URL: 'http://localhost:3000' }).plainHttp, true);
  t.equal(
    parseConfig({ ...production, MAIL_TRANSPORT: 'inbox' }).public.inboxUrl,
    'https://auth.example.com/dev/inbox',
  );
});

void t.test('development needs none of them, whatever its ports', async (t) => {
  t.match(parseConfig({ NODE_ENV: 'development' }), { public: { apiUrl: 'http://localhost:3001' }, plainHttp: true });
  t.match(parseConfig({ ALVA_PORT_PREFIX: '310', API_URL: '' }), { public: { apiUrl: 'http://localhost:3101' } });
});

void t.test('a forgotten address is refused in production; localhost is fine when somebody said so', async (t) => {
  for (const name of ['WEB_URL', 'API_URL', 'AUTH_URL']) {
    for (const forgotten of [undefined, '', ' '])
      t.throws(() => parseConfig({ ...production, [name]: forgotten }), {
        name: 'ConfigError',
        message: new RegExp(`^${name} is not set\\. Fix: .*${name}=https://`),
      });
    t.doesNotThrow(() => parseConfig({ ...production, [name]: 'http://localhost:3000' }));
  }
});

void t.test('what is no origin is refused in one line that names the variable', async (t) => {
  const wrong = [
    'api.example.com',
    'localhost:3001',
    'ftp://a.test',
    'https://a.test/v1',
    'https://a:b@a.test',
    'a\nb',
  ];
  for (const value of wrong)
    t.throws(() => parseConfig({ ...production, API_URL: value }), {
      name: 'ConfigError',
      message: /^API_URL is ".*": must be an origin.* Fix: .*API_URL=https:\/\/api\.example\.com$/,
    });
});
