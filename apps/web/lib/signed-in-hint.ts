/**
 * Says only "someone signed in here before", never who: with it the start page can go straight to the plans and the
 * sign-in page knows that asking for a session is worth a request. The session itself is auth's own cookie.
 */
export const signedInHintCookie = 'alva_signed_in';

export function rememberSignedIn(signedIn: boolean): void {
  document.cookie = `${signedInHintCookie}=1; Path=/; Max-Age=${signedIn ? 2_592_000 : 0}; SameSite=Lax`;
}

export function hasSignedInHint(): boolean {
  return document.cookie.split('; ').includes(`${signedInHintCookie}=1`);
}
