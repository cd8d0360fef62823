import { readPageBy, type ListOrder, type Page } from '@alva/service-kit';
import { type AuditQuery, type AuditRecord } from '@alva/validation';
import { z } from 'zod';
import { type AuditPosition } from './audit.sql.ts';
import { type AuditRow, type AuditStore } from './audit.store.ts';

const newestFirst: ListOrder<AuditRow, AuditPosition> = {
  position: z.tuple([z.string().regex(/^\d{1,16}$/), z.number().int().min(1)]),
  positionOf: ({ micros, id }) => [micros, id],
};

export type AuditTrail = ReturnType<typeof createAuditTrail>;

export function createAuditTrail({ store }: { store: AuditStore }) {
  return {
    async list({ limit, cursor, event, from, to, ...filter }: AuditQuery): Promise<Page<AuditRecord>> {
      const asked = { ...filter, events: event, from: toMilliseconds(from), to: toMilliseconds(to) };
      const { items, nextCursor } = await readPageBy(newestFirst, { limit, cursor }, (slice) =>
        store.list(asked, slice),
      );
      return { items: items.map(toRecord), nextCursor };
    },
  };
}

function toRecord(row: AuditRow): AuditRecord {
  const { id, at, event, sessionId, address, requestId, detail } = row;
  return {
    id,
    at: new Date(at).toISOString(),
    event,
    user: row.userId === null ? null : { id: row.userId, email: row.userEmail, name: row.userName },
    actor: row.actorId === null ? null : { id: row.actorId, email: row.actorEmail, name: row.actorName },
    sessionId,
    address,
    requestId,
    detail,
  };
}

function toMilliseconds(moment: string | undefined): number | undefined {
  return moment === undefined ? undefined : Date.parse(moment);
}
