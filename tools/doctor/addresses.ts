import { isIP } from 'node:net';
import type { Examination } from './examinations.ts';

const guide = 'docs/operations/proxies-and-limits.md';

/** What can be told from here; auth and api look at requests of their own once they listen. */
export const examineProxies: Examination = ({ variables }) => {
  const declared = variables['TRUST_PROXY'] ?? '0';
  const secure = ['AUTH_URL', 'API_URL'].find((name) => variables[name]?.startsWith('https:'));
  if (declared === 'true')
    return { ok: false, found: 'TRUST_PROXY=true believes anybody', fix: `their number or addresses, see ${guide}` };
  if (['0', 'false'].includes(declared)) {
    if (!secure) return { ok: true, found: 'none in front' };
    const found = `none declared, though ${secure} is https and something has to end TLS`;
    return { ok: false, found, fix: `TRUST_PROXY=1, or as many as there are, see ${guide}` };
  }
  return {
    ok: true,
    found: `TRUST_PROXY=${declared}; auth and api compare it with what they see and log what differs`,
  };
};

/** The refresh cookie is SameSite=Strict: pages of another site than auth's could never renew a session. */
export const examineCookies: Examination = ({ variables }) => {
  const [web, auth] = [variables['WEB_URL'] ?? '', variables['AUTH_URL'] ?? ''];
  if (isSameSite(web, auth)) return { ok: true, found: `${hostOf(auth)} and ${hostOf(web)} are one site` };
  const found = `pages of ${web} cannot send the cookies of ${auth}, which is another site`;
  return { ok: false, found, fix: 'WEB_URL and AUTH_URL with one scheme and one domain: app. and auth.example.com' };
};

export const examineCors: Examination = ({ variables }) => {
  const web = originOf(variables['WEB_URL'] ?? '');
  const allowed = (variables['CORS_ORIGINS'] ?? web).split(',').map((origin) => originOf(origin.trim()));
  if (allowed.includes(web)) return { ok: true, found: allowed.join(', ') };
  return { ok: false, found: `pages of ${web} may not call`, fix: `CORS_ORIGINS=${[web, ...allowed].join(',')}` };
};

/** Which suffixes are public cannot be known from here: two customers of co.uk pass for one site. */
function isSameSite(one: string, other: string): boolean {
  const [a, b] = [URL.parse(one), URL.parse(other)];
  if (!a || !b || a.protocol !== b.protocol) return false;
  if (a.hostname === b.hostname) return true;
  if ([a, b].some(({ hostname }) => isIP(hostname) !== 0 || hostname.startsWith('['))) return false;
  const parentOf = ({ hostname }: URL) => hostname.split('.').slice(-2).join('.');
  return parentOf(a).includes('.') && parentOf(a) === parentOf(b);
}

function originOf(url: string): string {
  return URL.parse(url)?.origin ?? url;
}

function hostOf(url: string): string {
  return URL.parse(url)?.host ?? url;
}
