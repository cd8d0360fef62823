import type { Database } from '@alva/database';

/**
 * $1 person, or guest. All that is theirs, in the order in which rows lean on each other: sections and tasks go with their plans,
 * files, texts and passages with their documents, messages with their conversations, events with their jobs. A table that learns
 * to hold something of a person belongs here; a test reads every table there is.
 */
const forget = [
  'delete from app.chat_sessions where user_id = $1',
  'delete from app.plans where user_id = $1',
  'delete from app.tasks where user_id = $1',
  'delete from app.profiles where user_id = $1',
  'delete from app.idempotency_keys where user_id = $1',
  'delete from app.jobs where user_id = $1',
  'delete from app.usage_days where user_id = $1',
  'delete from app.usage_limits where user_id = $1',
  'delete from app.guests where id = $1',
];

/** $1 person. A few at a time: their texts and passages are many rows. */
const forgetDocuments = `
delete from app.documents where id in (select id from app.documents where user_id = $1 limit 5) returning id`;

/** $1 person. What is one of a kind, or a row for a day. */
const collect = `
select json_build_object(
  'profile', (select profile from app.profiles where user_id = $1),
  'usage', (
    select coalesce(json_agg(json_build_object(
      'day', u.day, 'tokens', u.tokens_used, 'cost', u.cost) order by u.day), '[]')
    from app.usage_days u where u.user_id = $1
  ),
  'dailyTokens', (select daily_tokens from app.usage_limits where user_id = $1)
)::text as data`;

/** $1 person, $2 the last one before. So many at a time that a page is not much, whatever somebody put into them. */
const collections = {
  plans: `
select p.id, json_build_object(
  'id', p.id, 'title', p.title, 'status', p.status, 'summary', p.summary, 'metrics', p.metrics, 'generator', p.generator,
  'clientProfile', p.client_profile, 'createdAt', p.created_at, 'updatedAt', p.updated_at,
  'sections', (
    select coalesce(json_agg(json_build_object(
      'channel', s.channel, 'title', s.title, 'body', s.body, 'budgetShare', s.budget_share,
      'generator', s.generator, 'previous', s.previous) order by s.position), '[]')
    from app.plan_sections s where s.plan_id = p.id
  ),
  'tasks', (
    select coalesce(json_agg(json_build_object(
      'channel', t.channel, 'title', t.title, 'detail', t.detail, 'dueDate', t.due_date, 'status', t.status,
      'completedAt', t.completed_at) order by t.position), '[]')
    from app.tasks t where t.plan_id = p.id
  ))::text as data
from app.plans p where p.user_id = $1 and p.id > $2 order by p.id limit 10`,
  jobs: `
select j.id, json_build_object(
  'id', j.id, 'type', j.type, 'state', j.state, 'createdAt', j.created_at, 'startedAt', j.started_at,
  'finishedAt', j.finished_at, 'inputTokens', j.input_tokens, 'outputTokens', j.output_tokens, 'cost', j.cost)::text as data
from app.jobs j where j.user_id = $1 and j.id > $2 order by j.id limit 1000`,
  chats: `
select c.id, json_build_object(
  'id', c.id, 'title', c.title, 'tone', c.tone, 'planId', c.plan_id, 'createdAt', c.created_at,
  'messages', (
    select coalesce(json_agg(json_build_object(
      'role', m.role, 'content', m.content, 'status', m.status, 'citations', m.citations, 'generator', m.generator,
      'createdAt', m.created_at) order by m.position), '[]')
    from app.chat_messages m where m.session_id = c.id
  ))::text as data
from app.chat_sessions c where c.user_id = $1 and c.id > $2 order by c.id limit 1`,
  documents: `
select d.id, json_build_object(
  'id', d.id, 'name', d.name, 'mediaType', d.media_type, 'bytes', d.bytes, 'status', d.status, 'createdAt', d.created_at,
  'sections', (
    select coalesce(json_agg(json_build_object('page', s.page, 'heading', s.heading, 'text', s.text) order by s.position), '[]')
    from app.document_sections s where s.document_id = d.id
  ))::text as data
from app.documents d where d.user_id = $1 and d.id > $2 order by d.id limit 1`,
};
const beforeAll = '00000000-0000-0000-0000-000000000000';

export type Collection = keyof typeof collections;
export const collectionNames = Object.keys(collections) as Collection[];

export function createPeopleStore({ run }: Database) {
  return {
    /** Of a person, as JSON, what does not grow with what they do; the rest are the collections. */
    async collect(userId: string): Promise<string> {
      const [row] = await run<{ data: string }>(collect, [userId]);
      return row?.data ?? '{}';
    },

    /** Each of their plans, jobs, conversations or documents with all that is in it, as JSON, oldest first. */
    async *collectAll(userId: string, collection: Collection): AsyncGenerator<string> {
      for (let before = beforeAll; ;) {
        const rows = await run<{ id: string; data: string }>(collections[collection], [userId, before]);
        for (const { data } of rows) yield data;
        const last = rows.at(-1);
        if (!last) return;
        before = last.id;
      }
    },

    /** The identifiers of all their jobs. */
    async jobs(userId: string): Promise<string[]> {
      const rows = await run<{ id: string }>('select id from app.jobs where user_id = $1', [userId]);
      return rows.map(({ id }) => id);
    },

    /** Deletes what is theirs. Cut short, it is done the next time. */
    async forget(userId: string): Promise<void> {
      while ((await run(forgetDocuments, [userId])).length > 0);
      for (const text of forget) await run(text, [userId]);
    },
  };
}
export type PeopleStore = ReturnType<typeof createPeopleStore>;
