import { type RunStatement } from '@alva/database';
import { millisecondsOf } from '../sql-fragments.ts';
import { type Mail } from './mail.ts';

export interface InboxMail extends Required<Mail> {
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly sentAt: number;
}

const columns = `id, "to", subject, text, html, link, code, ${millisecondsOf('sent_at')} as "sentAt"`;

/** Mail of the last days of development; nobody wants to scroll further. */
const kept = 200;

export type InboxStore = ReturnType<typeof createInboxStore>;

export function createInboxStore(run: RunStatement) {
  return {
    /** The id makes a second delivery of the same mail no second mail. */
    async insert(id: string, { to, subject, text, html, link, code }: Mail): Promise<void> {
      await run(
        `insert into auth.inbox_mails (id, "to", subject, text, html, link, code)
        values ($1, $2, $3, $4, $5, $6, $7) on conflict (id) do nothing`,
        [id, to, subject, text, html, link, code],
      );
      await run(
        `delete from auth.inbox_mails where sent_at <
        (select sent_at from auth.inbox_mails order by sent_at desc offset ${kept} limit 1)`,
        [],
      );
    },

    /** Newest first. */
    async list(to: string | undefined): Promise<InboxMail[]> {
      const text = `select ${columns} from auth.inbox_mails where $1::text is null or lower("to") = lower($1)
        order by sent_at desc, id desc limit ${kept}`;
      return run<InboxMail>(text, [to ?? null]);
    },

    async find(id: string): Promise<InboxMail | undefined> {
      const [mail] = await run<InboxMail>(`select ${columns} from auth.inbox_mails where id = $1`, [id]);
      return mail;
    },
  };
}
