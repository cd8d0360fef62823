import { ProblemError, readPageBy, type ListOrder, type Slice } from '@alva/service-kit';
import type {
  ChangeChatBody,
  ChatOverview,
  ChatSession,
  PageQuery,
  StartChatAnswer,
  StartChatBody,
} from '@alva/validation';
import { z } from 'zod';
import type { GuestLimits } from '../guests/guest-limits.ts';
import { hashGuestToken, newGuestToken } from '../guests/guest-token.ts';
import type { JobsService } from '../jobs/jobs.service.ts';
import type { ChatSessionsStore, PlacedMessage } from './chat-sessions.store.ts';
import { refuseTooMany } from './most-conversations.ts';

export interface ChatSessionsServiceOptions {
  readonly store: ChatSessionsStore;
  readonly jobs: Pick<JobsService, 'cancelUnfinished'>;
  readonly limits: Pick<GuestLimits, 'sessions'>;
}

const byPosition: ListOrder<PlacedMessage, number> = {
  position: z
    .number()
    .int()
    .min(1)
    .max(2 ** 31 - 1),
  positionOf: ({ position }) => position,
};

export function createChatSessionsService({ store, jobs, limits }: ChatSessionsServiceOptions) {
  return {
    async start(userId: string, body: StartChatBody): Promise<StartChatAnswer> {
      return { sessionId: (await store.insert(userId, body, refuseTooMany)) ?? notFound() };
    },

    /** For somebody without an account, at that network address. Makes a guest, who has this conversation and nothing else. */
    async startAsGuest(address: string, body: StartChatBody): Promise<StartChatAnswer> {
      // Guests have no plans.
      if (body.planId !== undefined) notFound();
      const guestToken = newGuestToken();
      const { giveBack } = await limits.sessions.take(address);
      try {
        return { sessionId: await store.insertForGuest(hashGuestToken(guestToken), body), guestToken };
      } catch (error) {
        await giveBack();
        throw error;
      }
    },

    async list(userId: string, slice: Slice): Promise<ChatOverview[]> {
      return store.list(userId, slice);
    },

    /** With a page of its messages, the latest on the first one, in the order in which they were said. */
    async get(userId: string, id: string, query: PageQuery): Promise<ChatSession> {
      const session = (await store.find(userId, id)) ?? notFound();
      const { items, nextCursor } = await readPageBy(byPosition, query, (slice) => store.messages(id, slice));
      return { ...session, messages: items.map(({ message }) => message).reverse(), nextCursor };
    },

    async change(userId: string, id: string, changes: ChangeChatBody): Promise<void> {
      if (!(await store.change(userId, id, changes))) notFound();
    },

    /** For good. Should an answer still be written, nobody waits for it any more: it is called off. */
    async remove(userId: string, id: string): Promise<void> {
      const { jobId } = (await store.remove(userId, id)) ?? notFound();
      if (jobId !== null) await jobs.cancelUnfinished(userId, jobId);
    },
  };
}
export type ChatSessionsService = ReturnType<typeof createChatSessionsService>;

function notFound(): never {
  throw new ProblemError('not-found');
}
