import { readPageBy, type ListOrder, type Page } from '@alva/service-kit';
import { type AdminMail, type AdminMailsQuery } from '@alva/validation';
import { z } from 'zod';
import { type MailPosition } from './mails.sql.ts';
import { type MailRow, type MailsStore } from './mails.store.ts';
import { type HashRecipient } from './recipient.ts';

const newestFirst: ListOrder<MailRow, MailPosition> = {
  position: z.tuple([z.string().regex(/^\d{1,16}$/), z.uuid()]),
  positionOf: ({ micros, id }) => [micros, id],
};

export interface MailRecordsOptions {
  readonly store: Pick<MailsStore, 'list'>;
  readonly hashRecipient: HashRecipient;
}

export type MailRecords = ReturnType<typeof createMailRecords>;

export function createMailRecords({ store, hashRecipient }: MailRecordsOptions) {
  return {
    async list({ limit, cursor, recipient, ...filter }: AdminMailsQuery): Promise<Page<AdminMail>> {
      const asked = { ...filter, recipientHash: recipient === undefined ? undefined : hashRecipient(recipient) };
      const { items, nextCursor } = await readPageBy(newestFirst, { limit, cursor }, (slice) =>
        store.list(asked, slice),
      );
      return { items: items.map(toRecord), nextCursor };
    },
  };
}

function toRecord(row: MailRow): AdminMail {
  const { id, kind, state, reason, attempts, transport, providerId, createdAt, expiresAt, sentAt, settledAt } = row;
  return {
    id,
    kind,
    user: row.userId === null ? null : { id: row.userId, email: row.userEmail, name: row.userName },
    state,
    reason,
    attempts,
    transport,
    providerId,
    createdAt: toMoment(createdAt),
    expiresAt: toMoment(expiresAt),
    sentAt: sentAt === null ? null : toMoment(sentAt),
    settledAt: settledAt === null ? null : toMoment(settledAt),
  };
}

const toMoment = (milliseconds: number) => new Date(milliseconds).toISOString();
