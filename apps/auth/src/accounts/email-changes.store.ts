import { newIdentifier, type RunStatement } from '@alva/database';
import { type Author } from '../admin/users.store.ts';
import { type Requester } from '../http/requester.ts';
import { type EndedSession } from '../sessions/sessions.store.ts';
import { type Limit } from '../sign-in/magic-links.store.ts';
import * as texts from './email-changes.sql.ts';

export interface NewEmailChange {
  readonly userId: string;
  /** The session that asks. */
  readonly sessionId: string;
  readonly email: string;
  readonly oldHash: Buffer;
  readonly newHash: Buffer;
  /** Seconds. */
  readonly lifetime: number;
}

export interface AskedChange {
  readonly id: string;
  readonly oldEmail: string;
  /** Whether somebody has the new address already. */
  readonly taken: boolean;
}

export interface PendingChange {
  readonly email: string;
  readonly oldConfirmed: boolean;
  readonly newConfirmed: boolean;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

export interface ConfirmedChange {
  readonly id: string;
  readonly userId: string;
  readonly oldConfirmed: boolean;
  readonly newConfirmed: boolean;
  readonly oldEmail: string;
  readonly newEmail: string;
}

/** Somebody got the address between this statement's look and its write. */
function nothingIfTaken(error: unknown): never[] {
  if (error instanceof Error && 'code' in error && error.code === '23505') return [];
  throw error;
}

interface MovedRow {
  readonly moved: number;
  readonly ended: EndedSession[];
}

/** `withdrawn`: called off, or whoever asked was put out; `taken`: the address to go back to is somebody else's now. */
export type EmailChangeState = 'used' | 'expired' | 'superseded' | 'withdrawn' | 'taken';

export type EmailChangesStore = ReturnType<typeof createEmailChangesStore>;

export function createEmailChangesStore(run: RunStatement) {
  return {
    /** Undefined when the account or the recipient has had too many, and then nothing is stored. */
    async ask(
      change: NewEmailChange,
      limits: { account: Limit; recipient: Limit },
      { address, requestId }: Requester,
    ): Promise<AskedChange | undefined> {
      const id = newIdentifier();
      const { account, recipient } = limits;
      const [row] = await run<Omit<AskedChange, 'id'>>(texts.askText, [
        ...[id, change.userId, change.sessionId, change.email, change.oldHash, change.newHash, change.lifetime],
        ...[account.max, account.windowSeconds, recipient.max, recipient.windowSeconds, address, requestId],
      ]);
      return row && { id, ...row };
    },

    /** Seconds until it may be asked again. */
    async findLimit(userId: string, email: string): Promise<number> {
      const [row] = await run<{ resetsIn: number | null }>(texts.limitsText, [userId, email]);
      return row?.resetsIn ?? 1;
    },

    async findPending(userId: string): Promise<PendingChange | undefined> {
      const [row] = await run<PendingChange>(texts.pendingText, [userId]);
      return row;
    },

    async withdraw(userId: string, sessionId: string, { address, requestId }: Requester): Promise<void> {
      await run(texts.withdrawText, [userId, sessionId, address, requestId]);
    },

    /** Notes that the mailbox which got this secret agrees, and keeps the account's row; undefined when nothing is pending. */
    async confirm(hash: Buffer, { address, requestId }: Requester): Promise<ConfirmedChange | undefined> {
      const [row] = await run<ConfirmedChange>(texts.confirmText, [hash, address, requestId]);
      return row;
    },

    /** Moves the account, once both have agreed; undefined when somebody else has the address by now, or it is kept for them. */
    async move(
      { id, userId, newEmail }: Pick<ConfirmedChange, 'id' | 'userId' | 'newEmail'>,
      undo: { hash: Buffer; lifetime: number },
      { address, requestId }: Requester,
    ): Promise<EndedSession[] | undefined> {
      const parameters = [id, undo.hash, undo.lifetime, address, requestId];
      const [row] = await run<MovedRow>(texts.moveText, parameters).catch(nothingIfTaken);
      if (!row?.moved || (await run(texts.keptText, [newEmail, userId])).length > 0) return undefined;
      return row.ended;
    },

    /** Moves the account because an operator says so; undefined when it has moved, or somebody else has the address. Its row is to be locked before. */
    async moveByOperator(
      userId: string,
      { from, to }: { from: string; to: string },
      { address, requestId }: Author,
    ): Promise<EndedSession[] | undefined> {
      const parameters = [userId, from, to, address, requestId];
      const [row] = await run<MovedRow>(texts.moveByOperatorText, parameters).catch(nothingIfTaken);
      return row?.moved ? row.ended : undefined;
    },

    /**
     * Takes a move back, removes what was added since it was asked for, and ends every session; undefined when there was
     * nothing to take back. Within a transaction.
     */
    async undo(hash: Buffer, { address, requestId }: Requester) {
      await run(texts.lockUndoText, [hash]);
      const parameters = [hash, address, requestId];
      const [row] = await run<MovedRow & { leftEmail: string; userId: string }>(texts.undoText, parameters).catch(
        nothingIfTaken,
      );
      return row?.moved ? { ended: row.ended, leftEmail: row.leftEmail, userId: row.userId } : undefined;
    },

    /** Why a secret changed nothing; undefined when nobody knows it. */
    async judge(hash: Buffer): Promise<{ isUndo: boolean; state: EmailChangeState } | undefined> {
      const [row] = await run<{ isUndo: boolean; state: EmailChangeState }>(texts.judgeText, [hash]);
      return row;
    },
  };
}
