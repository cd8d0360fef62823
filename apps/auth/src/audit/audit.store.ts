import { type RunStatement } from '@alva/database';
import { type AuditEvent } from '@alva/shared-types';
import { type Requester } from '../http/requester.ts';

/** What happened to whom, where no statement that changes something says it itself. */
export interface NewAuditEvent {
  readonly event: AuditEvent;
  readonly userId: string;
  /** Never a secret, and no address of somebody who has no account. */
  readonly detail: Readonly<Record<string, string>>;
}

const insertText = `
insert into auth.audit_events (event, user_id, address, request_id, detail) values ($1, $2, $3, $4, $5::text::jsonb)`;

export type AuditStore = ReturnType<typeof createAuditStore>;

export function createAuditStore(run: RunStatement) {
  return {
    async insert({ event, userId, detail }: NewAuditEvent, { address, requestId }: Requester): Promise<void> {
      await run(insertText, [event, userId, address, requestId, JSON.stringify(detail)]);
    },
  };
}
