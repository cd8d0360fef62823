import { problemResponses, readPage, thingParams, type Routes } from '@alva/service-kit';
import { changeChatBody, chatOverview, chatSession, chatSessionQuery, page, pageQuery } from '@alva/validation';
import { z } from 'zod';
import { guarded, guardedWithGuests, guestRefusals } from '../guard.ts';
import type { ChatSessionsService } from './chat-sessions.service.ts';

export interface ChatRoutesOptions {
  readonly chats: ChatSessionsService;
}

const tags = ['chat'];

/** For people only: a guest has one conversation, and knows which. */
export const chatListRoutes: Routes<ChatRoutesOptions> = async (app, { chats }) => {
  app.get(
    '/chat/sessions',
    {
      schema: {
        ...guarded,
        tags,
        summary: 'Your conversations, newest first',
        querystring: pageQuery,
        response: { 200: page(chatOverview), ...problemResponses('authentication-required', 'validation-failed') },
      },
    },
    async (request) => readPage(request.query, (slice) => chats.list(request.token.sub, slice)),
  );
};

/** For people and guests. */
export const chatSessionRoutes: Routes<ChatRoutesOptions> = async (app, { chats }) => {
  app.get(
    '/chat/sessions/:id',
    {
      schema: {
        ...guardedWithGuests,
        tags,
        summary: 'One conversation with its messages',
        description: 'The latest messages come with the first page; a cursor leads to those before them.',
        params: thingParams,
        querystring: chatSessionQuery,
        response: {
          200: chatSession,
          ...problemResponses(...guestRefusals, 'not-found', 'validation-failed'),
        },
      },
    },
    async ({ owner, params, query }) => chats.get(owner.userId, params.id, query),
  );

  app.patch(
    '/chat/sessions/:id',
    {
      schema: {
        ...guardedWithGuests,
        tags,
        summary: 'Rename a conversation, or change its tone',
        description: 'The tone holds from the next answer on.',
        params: thingParams,
        body: changeChatBody,
        response: {
          204: z.undefined(),
          ...problemResponses(...guestRefusals, 'not-found', 'validation-failed'),
        },
      },
    },
    async ({ owner, params, body }, reply) => {
      await chats.change(owner.userId, params.id, body);
      return reply.code(204).send();
    },
  );

  app.delete(
    '/chat/sessions/:id',
    {
      schema: {
        ...guardedWithGuests,
        tags,
        summary: 'Delete a conversation for good',
        description: 'An answer that is being written is called off.',
        params: thingParams,
        response: { 204: z.undefined(), ...problemResponses(...guestRefusals, 'not-found') },
      },
    },
    async ({ owner, params }, reply) => {
      await chats.remove(owner.userId, params.id);
      return reply.code(204).send();
    },
  );
};
