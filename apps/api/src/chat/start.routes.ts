import { ProblemError, problemResponses, type Routes } from '@alva/service-kit';
import { startChatAnswer, startChatBody } from '@alva/validation';
import { forAnybody } from '../guard.ts';
import { ownerIfAny } from '../guests/owner-guard.ts';
import { isGuest } from '../guests/owner.ts';
import type { ChatSessionsService } from './chat-sessions.service.ts';

/** For the scope that lets in strangers. */
export const startChatRoutes: Routes<{ chats: ChatSessionsService }> = async (app, { chats }) => {
  app.post(
    '/chat/sessions',
    {
      schema: {
        ...forAnybody,
        tags: ['chat'],
        summary: 'Begin a conversation',
        description:
          'Without an access token you are a guest: `guestToken` is all that leads back to this one conversation. It is good ' +
          'for seven days after its last use, and a network address begins few of them a day. 409 when you have as many as one ' +
          'person may have.',
        body: startChatBody,
        response: {
          201: startChatAnswer,
          ...problemResponses('malformed-request', 'invalid-token', 'conflict', 'not-found', 'validation-failed'),
        },
      },
    },
    async (request, reply) => {
      const { body, visitor } = request;
      const owner = ownerIfAny(request);
      if (owner && isGuest(owner)) throw new ProblemError('conflict', { detail: 'A guest has one conversation.' });
      const answer = owner ? await chats.start(owner.userId, body) : await chats.startAsGuest(visitor.countedAs, body);
      return reply
        .code(201)
        .headers({ location: `/chat/sessions/${answer.sessionId}`, 'cache-control': 'no-store' })
        .send(answer);
    },
  );
};
