import { ProblemError, problemResponses, type Routes } from '@alva/service-kit';
import { mergeChatAnswer, mergeChatBody } from '@alva/validation';
import { guarded } from '../guard.ts';
import { hashGuestToken } from '../guests/guest-token.ts';
import type { MergeStore } from './merge.store.ts';
import { refuseTooMany } from './most-conversations.ts';

/** For people only. */
export const mergeRoutes: Routes<{ merges: MergeStore }> = async (app, { merges }) => {
  app.post(
    '/chat/session/merge',
    {
      schema: {
        ...guarded,
        tags: ['chat'],
        summary: 'Take over a conversation from before you signed in',
        description:
          'With its jobs, also those that run, and what they cost. It happens once, and asking again changes nothing; the ' +
          'guest’s token is of no use afterwards. 409 when you have as many conversations as one person may have.',
        body: mergeChatBody,
        response: {
          200: mergeChatAnswer,
          ...problemResponses('authentication-required', 'not-found', 'conflict', 'validation-failed'),
        },
      },
    },
    async ({ body: { sessionId, guestToken }, token }) => {
      const person = { userId: token.sub, sessionId: token.sid };
      const tokenHash = hashGuestToken(guestToken);
      if (!(await merges.merge({ sessionId, tokenHash, person }, refuseTooMany))) throw new ProblemError('not-found');
      return { sessionId };
    },
  );
};
