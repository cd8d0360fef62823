import type { chatMessages, chatSessions } from '@alva/database';
import type { ChatCitation, ChatMessage, ChatOverview } from '@alva/validation';

type SessionRow = typeof chatSessions.$inferSelect;
type MessageRow = typeof chatMessages.$inferSelect;

export type Session = Omit<ChatOverview, 'lastMessage'>;

export function toSession({ id, title, tone, planId, createdAt, updatedAt }: SessionRow): Session {
  return { id, title, tone, planId, createdAt: createdAt.toISOString(), updatedAt: updatedAt.toISOString() };
}

export function toMessage({ position: _position, jobId, generator, citations, ...row }: MessageRow): ChatMessage {
  return {
    ...row,
    citations: citations as ChatCitation[],
    ...(jobId === null ? {} : { jobId }),
    ...(generator === null ? {} : { generator }),
    createdAt: row.createdAt.toISOString(),
  };
}
