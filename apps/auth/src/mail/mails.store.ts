import { type RunStatement } from '@alva/database';
import { type Slice } from '@alva/service-kit';
import { type MailState } from '@alva/shared-types';
import { type MailKind } from './kinds.ts';
import { type MailReceipt } from './mail.ts';
import * as texts from './mails.sql.ts';

export interface NewMail {
  readonly id: string;
  readonly kind: MailKind;
  readonly to: string;
  readonly recipientHash: Buffer;
  /** Whom it is about, where that is not whoever has the address. */
  readonly userId: string | undefined;
  /** Seconds. */
  readonly lifetime: number;
}

/** A mail that is to be offered now, or turned out to be of no use. Times in seconds. */
export interface Claim {
  readonly kind: string;
  /** Why the last attempt failed, or why there is none. */
  readonly reason: string | null;
  readonly state: Extract<MailState, 'queued' | 'expired' | 'withheld'>;
  /** This one included. */
  readonly attempts: number;
  readonly lifetime: number;
  readonly waited: number;
}

/** What a provider says of a mail it took. */
export interface MailReport {
  /** Ours, where the provider gives it back. */
  readonly id: string | null;
  readonly providerId: string;
  readonly state: MailState;
  readonly reason: string | null;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** Times are milliseconds since 1970. */
export interface MailRow {
  readonly id: string;
  /** Microseconds since 1970. */
  readonly micros: string;
  readonly kind: string;
  readonly state: MailState;
  readonly reason: string | null;
  readonly attempts: number;
  readonly transport: string | null;
  readonly providerId: string | null;
  readonly userId: string | null;
  readonly userEmail: string | null;
  readonly userName: string | null;
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly sentAt: number | null;
  readonly settledAt: number | null;
}

export type MailsStore = ReturnType<typeof createMailsStore>;

export function createMailsStore(run: RunStatement) {
  return {
    /** The id makes the same mail again no second one. */
    async insert({ id, kind, recipientHash, userId, to, lifetime }: NewMail): Promise<void> {
      await run(texts.insertText, [id, kind, recipientHash, userId ?? null, to, lifetime]);
    },

    /** For a mail that never came into the queue. */
    async remove(id: string): Promise<void> {
      await run(texts.removeText, [id]);
    },

    /** Begins an attempt; undefined where none is needed: sent already, or nobody knows the mail. */
    async claim(id: string): Promise<Claim | undefined> {
      const [row] = await run<Claim>(texts.claimText, [id]);
      return row;
    },

    async recordSent(id: string, { transport, providerId }: MailReceipt): Promise<void> {
      await run(texts.sentText, [id, transport, providerId]);
    },

    async recordRefused(id: string, reason: string): Promise<void> {
      await run(texts.refusedText, [id, reason]);
    },

    /** Another attempt will follow. */
    async recordFailed(id: string, reason: string): Promise<void> {
      await run(texts.failedText, [id, reason]);
    },

    /** Reports may come twice and in any order: none takes back what a later one said. */
    async recordReport({
      id,
      providerId,
      state,
      reason,
      at,
    }: MailReport): Promise<{ known: boolean; changed: boolean }> {
      const [row] = await run<{ known: boolean; changed: boolean }>(texts.reportText, [
        id,
        providerId,
        state,
        reason,
        at,
      ]);
      return row ?? { known: false, changed: false };
    },

    /** Seconds for which the oldest mail has waited that may still be sent; 0 where none waits. */
    async findOldestQueued(): Promise<number> {
      const [row] = await run<{ age: number }>(texts.oldestQueuedText, []);
      return row?.age ?? 0;
    },

    /** Newest first. */
    async list(filter: texts.MailFilter, slice: Slice<texts.MailPosition>): Promise<MailRow[]> {
      const { text, parameters } = texts.listStatement(filter, slice);
      return run<MailRow>(text, parameters);
    },
  };
}
