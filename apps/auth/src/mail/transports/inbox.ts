import { type InboxStore } from '../inbox.store.ts';
import { type MailTransport } from '../mail.ts';

/** For development: mails are kept in the database and shown at /dev/inbox. Production refuses to start with it. */
export function createInboxTransport(inbox: InboxStore): MailTransport {
  return {
    name: 'inbox',
    async send(id, mail) {
      await inbox.insert(id, mail);
      return { transport: 'inbox', providerId: null };
    },
    close: () => undefined,
  };
}
