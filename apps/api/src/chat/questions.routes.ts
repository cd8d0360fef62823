import { problemResponses, thingParams, type Routes } from '@alva/service-kit';
import { questionAnswer, questionBody, type QuestionAnswer } from '@alva/validation';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { guardedWithGuests, guestRefusals } from '../guard.ts';
import { workHeaders, workRefusals, type WorkHeaders } from '../jobs/asker.ts';
import type { Questioner, QuestionsService } from './questions.service.ts';

const messageParams = thingParams.extend({ messageId: thingParams.shape.id });

const schema = {
  ...guardedWithGuests,
  tags: ['chat'],
  headers: workHeaders,
  response: {
    202: questionAnswer,
    ...problemResponses(
      ...guestRefusals,
      'not-found',
      'conflict',
      'conversation-full',
      'validation-failed',
      ...workRefusals,
    ),
  },
};

/** For people and guests. */
export const questionRoutes: Routes<{ questions: QuestionsService }> = async (app, { questions }) => {
  app.post(
    '/chat/sessions/:id/messages',
    {
      schema: {
        ...schema,
        summary: 'Ask something',
        description:
          'Answers at once; the job writes the answer as the part `answer`. One at a time: 409 while there is another. ' +
          'Calling off the job stops it.',
        params: thingParams,
        body: questionBody,
      },
    },
    async (request, reply) => {
      const { params, body } = request;
      return accepted(reply, await questions.answer(questionerOf(request), params.id, body));
    },
  );

  app.put(
    '/chat/sessions/:id/messages/:messageId',
    {
      schema: {
        ...schema,
        summary: 'Put a question differently',
        description: 'It is answered anew. What was said after it is gone.',
        params: messageParams,
        body: questionBody,
      },
    },
    async (request, reply) => {
      const { params, body } = request;
      const { messageId } = params;
      return accepted(reply, await questions.answer(questionerOf(request), params.id, { messageId, ...body }));
    },
  );

  app.post(
    '/chat/sessions/:id/messages/:messageId/regenerate',
    {
      schema: {
        ...schema,
        summary: 'Have a question answered anew',
        description: 'The message is the question or an answer to it. What was said after the question is gone.',
        params: messageParams,
      },
    },
    async (request, reply) => {
      const { id, messageId } = request.params;
      return accepted(reply, await questions.answer(questionerOf(request), id, { messageId }));
    },
  );
};

type QuestionRequest = Pick<FastifyRequest, 'owner' | 'visitor' | 'traceparent'> & { readonly headers: WorkHeaders };

function questionerOf({ owner, visitor, traceparent, headers }: QuestionRequest): Questioner {
  const { userId, sessionId } = owner;
  const idempotencyKey = headers['idempotency-key'];
  return { userId, sessionId, traceparent, idempotencyKey, address: visitor.countedAs };
}

function accepted(reply: FastifyReply, answer: QuestionAnswer) {
  return reply.code(202).header('location', `/jobs/${answer.jobId}`).send(answer);
}
