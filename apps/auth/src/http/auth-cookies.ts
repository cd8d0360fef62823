import { createBrowserCookies } from '../oauth/browser-cookies.ts';
import { createCookie } from './cookies.ts';

export type AuthCookies = ReturnType<typeof createAuthCookies>;

/** Every cookie this service sets. Those that say "the same browser" nothing but this very host can have set. */
export function createAuthCookies(publicUrl: string) {
  return {
    refresh: createCookie({ name: 'refresh_token', publicUrl }),
    attempt: createCookie({ name: 'sign_in_attempt', publicUrl, isOfHostAlone: true }),
    confirmation: createCookie({ name: 'email_confirmation', publicUrl, isOfHostAlone: true }),
    secondFactor: createCookie({ name: 'second_factor', publicUrl, isOfHostAlone: true }),
    passkey: createCookie({ name: 'passkey_challenge', publicUrl, isOfHostAlone: true }),
    provider: createBrowserCookies(publicUrl),
  };
}
