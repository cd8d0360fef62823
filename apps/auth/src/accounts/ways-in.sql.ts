/**
 * Whether somebody could still sign in by something else. A verified address is enough, for a link can be mailed to it; a
 * password alone is not, because it is asked for only with a verified address, and that is never taken back: so removing the
 * provider's account that counts here wants one. `user` is a row of auth.users.
 */
export const hasOtherWayIn = (user: string, { besidePasskey }: { besidePasskey: string }) => `(
  ${user}.email_verified_at is not null
  or exists (select from auth.identities i where i.user_id = ${user}.id)
  or exists (select from auth.passkeys o where o.user_id = ${user}.id and o.id <> ${besidePasskey})
)`;
