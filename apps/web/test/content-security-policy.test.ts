import t from 'tap';
import { contentSecurityPolicy } from '../lib/content-security-policy.ts';

const production = {
  nonce: 'bm9uY2U=',
  apiUrl: 'https://api.example.com',
  authUrl: 'https://auth.example.com',
  development: false,
  plainHttp: false,
};

void t.test('scripts run by nonce alone, requests go to auth and the api alone, nobody frames the pages', async (t) => {
  const policy = contentSecurityPolicy(production);
  t.match(policy, "default-src 'none'");
  t.match(policy, "script-src 'nonce-bm9uY2U=' 'strict-dynamic';");
  t.match(policy, "connect-src 'self' https://auth.example.com https://api.example.com;");
  t.match(policy, "frame-ancestors 'none'");
  t.match(policy, 'upgrade-insecure-requests');
  t.notMatch(policy, /unsafe|\*/);
});

void t.test('what only development needs, only development gets', async (t) => {
  t.match(contentSecurityPolicy({ ...production, development: true }), "'unsafe-eval'");
  t.notMatch(contentSecurityPolicy({ ...production, plainHttp: true }), 'upgrade-insecure-requests');
});
