// In every text, `a` is the attempt.
const newerExists = `exists (
  select from auth.sign_in_attempts n where n.email = a.email and (n.created_at, n.id) > (a.created_at, a.id))`;

/** The address has left the account, or the account that has it got another address or password since. */
const accountChanged = `((a.user_id is not null and not exists (
  select from auth.users u where u.id = a.user_id and u.email = a.email)) or exists (
  select from auth.users u where u.email = a.email and u.credentials_changed_at >= a.created_at))`;

/** Link and code can be spent, the link also on an approval. */
export const isLive = `a.spent_at is null and a.approved_at is null and a.expires_at > now()
  and not ${newerExists} and not ${accountChanged}`;

/** The asking browser can go on. What was approved cannot be superseded: anybody may ask for another mail to the address. */
export const isApproved = `a.approved_at is not null and a.spent_at is null and a.expires_at > now() and not ${accountChanged}`;

/** What has become of link and code. */
export const stateOf = `case
  when a.spent_at is not null or a.approved_at is not null then 'used'
  when a.expires_at <= now() then 'expired'
  when ${newerExists} then 'superseded'
  when ${accountChanged} then 'withdrawn'
  else 'live' end`;

/** Why an approved attempt cannot be completed; `live` while nobody has approved it. */
export const completionStateOf = `case
  when a.approved_at is null or a.spent_at is not null then ${stateOf}
  when a.expires_at <= now() then 'expired'
  else 'withdrawn' end`;

/** Whose account it is, if anyone's: an address may have got one since the link was asked for. */
export const ownerOf = `coalesce(a.user_id, (select u.id from auth.users u where u.email = a.email))`;

/**
 * Refusing an attempt is recorded by the statement that finds out why. The address that was asked for is not: it may be
 * anyone's, and the trail is kept. The attempt, which has it, is pruned.
 */
export const auditRefusal = (
  refused: string,
  way: 'link' | 'code' | 'approval',
  address: string,
  requestId: string,
) => `audit as (
  insert into auth.audit_events (event, user_id, address, request_id, detail)
  select 'sign-in-refused', user_id, ${address}, ${requestId},
    json_build_object('attempt', id, 'way', '${way}', 'reason', reason)::jsonb
  from (${refused}) refused
)`;
