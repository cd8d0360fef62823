/** $1 id, $2 purpose, $3 token hash, $4 user, $5 the account's address, $6 where it is mailed, $7 browser hash, $8 lifetime */
export const insertText = `
insert into auth.one_time_tokens (id, purpose, token_hash, user_id, user_email, email, browser_hash, expires_at)
values ($1, $2, $3, $4, $5, $6, $7, now() + make_interval(secs => $8))`;

/**
 * $1 token hash, $2 purpose, $3 browser hash, $4 whether any browser will do. The account is locked before its token, as by
 * everything that takes away all tokens of an account: two links of one account wait in one line, and not for each other.
 */
export const spendText = `
with owner as (
  select u.id from auth.one_time_tokens t join auth.users u on u.id = t.user_id and u.email = t.user_email
  where t.token_hash = $1 and t.purpose = $2
  for no key update of u
)
update auth.one_time_tokens t set spent_at = now()
from owner
where t.token_hash = $1 and t.purpose = $2 and t.spent_at is null and t.expires_at > now()
  and t.user_id = owner.id
  and ($4 or t.browser_hash = $3)
returning t.id, t.user_id as "userId", t.user_email as "userEmail", t.email,
  t.browser_hash is not null and t.browser_hash is not distinct from $3 as "sameBrowser"`;

/** $1 token hash, $2 purpose, $3 browser hash */
export const judgeText = `
select t.user_id as "userId", t.browser_hash is not null and t.browser_hash is not distinct from $3 as "sameBrowser",
  case
    when t.spent_at is not null then 'used'
    when t.expires_at <= now() then 'expired'
    when not exists (select from auth.users u where u.id = t.user_id and u.email = t.user_email) then 'withdrawn'
    else 'live'
  end as state
from auth.one_time_tokens t where t.token_hash = $1 and t.purpose = $2`;

/** $1 user, $2 purpose, or null for every one */
export const withdrawText = `
update auth.one_time_tokens set spent_at = now()
where user_id = $1 and spent_at is null and ($2::text is null or purpose = $2::text)`;
