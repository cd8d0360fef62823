import { type RunStatement } from '@alva/database';
import { type Slice } from '@alva/service-kit';
import { type AuditEvent } from '@alva/shared-types';
import { type Requester } from '../http/requester.ts';
import { insertText, listStatement, type AuditFilter, type AuditPosition } from './audit.sql.ts';

/** What happened, to whom if to anyone, where no statement that changes something says it itself. */
export interface NewAuditEvent {
  readonly event: AuditEvent;
  readonly userId?: string | undefined;
  readonly sessionId?: string | undefined;
  /** Never a secret, and no address of somebody who has no account. */
  readonly detail: Readonly<Record<string, string>>;
}

export interface AuditRow {
  readonly id: number;
  /** Microseconds since 1970. */
  readonly micros: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly event: string;
  readonly userId: string | null;
  readonly userEmail: string | null;
  readonly userName: string | null;
  readonly actorId: string | null;
  readonly actorEmail: string | null;
  readonly actorName: string | null;
  readonly sessionId: string | null;
  readonly address: string | null;
  readonly requestId: string | null;
  readonly detail: Record<string, unknown>;
}

export type AuditStore = ReturnType<typeof createAuditStore>;

export function createAuditStore(run: RunStatement) {
  return {
    async insert(
      { event, userId, sessionId, detail }: NewAuditEvent,
      { address, requestId }: Pick<Requester, 'address' | 'requestId'>,
    ): Promise<void> {
      await run(insertText, [event, userId ?? null, sessionId ?? null, address, requestId, JSON.stringify(detail)]);
    },

    /** Newest first. */
    async list(filter: AuditFilter, slice: Slice<AuditPosition>): Promise<AuditRow[]> {
      const { text, parameters } = listStatement(filter, slice);
      return run<AuditRow>(text, parameters);
    },
  };
}
