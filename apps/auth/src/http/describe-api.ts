import { version } from '@alva/service-kit';
import { type AuthCookies } from './auth-cookies.ts';

/** What the OpenAPI document says besides the routes. */
export function describeApi(publicUrl: string, cookies: AuthCookies) {
  const inCookie = ({ name }: { name: string }) => ({ type: 'apiKey', in: 'cookie', name }) as const;
  return {
    title: 'Alva auth',
    version,
    description: 'People, sessions and tokens.',
    publicUrl,
    tags: [
      { name: 'sign-in', description: 'Ways in' },
      { name: 'sessions', description: 'Renewing and ending them' },
      { name: 'account', description: 'The signed-in person' },
      { name: 'services', description: 'For services that verify tokens' },
      { name: 'keys', description: 'What others need to verify tokens' },
      { name: 'administration', description: 'For people with the role admin' },
      { name: 'health', description: 'For supervisors and load balancers' },
    ],
    securitySchemes: {
      refreshCookie: inCookie(cookies.refresh),
      attemptCookie: inCookie(cookies.attempt),
      confirmationCookie: inCookie(cookies.confirmation),
      secondFactorCookie: inCookie(cookies.secondFactor),
      passkeyCookie: inCookie(cookies.passkey),
      providerCookie: inCookie(cookies.provider.of({ answersBy: 'query' })),
      providerFormCookie: inCookie(cookies.provider.of({ answersBy: 'form_post' })),
      client: {
        type: 'http',
        scheme: 'basic',
        description: 'Credentials of a service, made by `npm run clients`',
      } as const,
    },
  };
}
