import { problemResponses, type Routes, readPage, thingParams } from '@alva/service-kit';
import { generatePlanAnswer, generatePlanBody, page, pageQuery, plan, planOverview } from '@alva/validation';
import { guarded } from '../guard.ts';
import { askerOf, workHeaders, workRefusals } from '../jobs/asker.ts';
import type { PlansService } from './plans.service.ts';

export const planRoutes: Routes<{ plans: PlansService }> = async (app, { plans }) => {
  const tags = ['plans'];

  app.post(
    '/plans/generate',
    {
      schema: {
        ...guarded,
        tags,
        summary: 'Have a marketing plan written',
        description:
          'Answers at once; the job writes the plan. A repeated request with the same `Idempotency-Key` gets the same answer.',
        headers: workHeaders,
        body: generatePlanBody,
        response: {
          202: generatePlanAnswer,
          ...problemResponses('authentication-required', 'profile-required', 'validation-failed', ...workRefusals),
        },
      },
    },
    async (request, reply) => {
      const answer = await plans.generate(askerOf(request), request.body);
      return reply.code(202).header('location', `/jobs/${answer.jobId}`).send(answer);
    },
  );

  app.get(
    '/plans',
    {
      schema: {
        ...guarded,
        tags,
        summary: 'Your plans, newest first',
        querystring: pageQuery,
        response: { 200: page(planOverview), ...problemResponses('authentication-required', 'validation-failed') },
      },
    },
    async (request) => readPage(request.query, (slice) => plans.list(request.token.sub, slice)),
  );

  app.get(
    '/plans/:id',
    {
      schema: {
        ...guarded,
        tags,
        summary: 'One plan with its sections, tasks and figures',
        params: thingParams,
        response: { 200: plan, ...problemResponses('authentication-required', 'not-found') },
      },
    },
    async (request) => plans.get(request.token.sub, request.params.id),
  );
};
