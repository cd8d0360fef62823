/** Sessions that can end: what has ended or expired is over, and to end it once more would be recorded and told untruly. */
export const canEnd = (session: string) => `${session}.ended_at is null and ${session}.expires_at > now()`;

/** What an update in `ended` hands on, and how every statement that ends sessions concludes. */
export const endedColumns = 's.id, s.user_id, s.end_reason';
export const selectEnded = `select id as "sessionId", user_id as "userId", end_reason as reason from ended`;
