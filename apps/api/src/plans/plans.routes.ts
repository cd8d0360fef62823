import {
  attachment,
  isKnownVersion,
  problemResponses,
  readPage,
  thingParams,
  versionTag,
  type Routes,
} from '@alva/service-kit';
import { generatePlanAnswer, generatePlanBody, page, plan, planOverview, plansQuery } from '@alva/validation';
import { z } from 'zod';
import { guarded } from '../guard.ts';
import { askerOf, workHeaders, workRefusals } from '../jobs/asker.ts';
import type { PlansService } from './plans.service.ts';

/** Asking for plans, and reading them. */
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
          'Answers at once; the job writes the plan. A repeated request with the same `Idempotency-Key` gets the same answer. ' +
          'Needs the profile of `PUT /user/profile`, also where `clientProfile` gives other answers for this plan alone.',
        headers: workHeaders,
        body: generatePlanBody,
        response: {
          202: generatePlanAnswer,
          ...problemResponses(
            'authentication-required',
            'profile-required',
            'too-many-plans',
            'validation-failed',
            ...workRefusals,
          ),
        },
      },
    },
    async (request, reply) => {
      const answer = await plans.generate(askerOf(request), request.body);
      return reply.code(202).header('location', `/jobs/${answer.jobId}`).send(answer);
    },
  );

  app.post(
    '/plans/:id/retry',
    {
      schema: {
        ...guarded,
        tags,
        summary: 'Have a plan written that failed or was called off',
        description:
          'A new job for the same plan, from the same answers. The events of the job before stay readable at `GET /jobs/:id/events`.',
        params: thingParams,
        headers: workHeaders,
        response: {
          202: generatePlanAnswer,
          ...problemResponses('authentication-required', 'not-found', 'plan-not-stopped', ...workRefusals),
        },
      },
    },
    async (request, reply) => {
      const answer = await plans.retry(askerOf(request), request.params.id);
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
        querystring: plansQuery,
        response: { 200: page(planOverview), ...problemResponses('authentication-required', 'validation-failed') },
      },
    },
    async ({ token, query }) => readPage(query, (slice) => plans.list(token.sub, query, slice)),
  );

  app.get(
    '/plans/:id',
    {
      schema: {
        ...guarded,
        tags,
        summary: 'One plan with its sections, tasks and figures',
        description: 'The `ETag` is its version: send it in `If-Match` to change this plan and no other.',
        params: thingParams,
        response: { 200: plan, 304: z.null(), ...problemResponses('authentication-required', 'not-found') },
      },
    },
    async (request, reply) => {
      const found = await plans.get(request.token.sub, request.params.id);
      reply.headers({ etag: versionTag(found.version), 'cache-control': 'private, no-cache' });
      if (isKnownVersion(request.headers['if-none-match'], found.version)) return reply.code(304).send(null);
      return reply.send(found);
    },
  );

  app.get(
    '/plans/:id/export',
    {
      schema: {
        ...guarded,
        tags,
        summary: 'A finished plan as a Markdown document',
        params: thingParams,
        response: { ...markdownFile, ...problemResponses('authentication-required', 'not-found', 'plan-not-ready') },
      },
    },
    async (request, reply) => {
      const { name, markdown } = await plans.export(request.token.sub, request.params.id);
      return reply
        .headers({ 'content-disposition': attachment(name, 'md'), 'cache-control': 'no-store' })
        .type('text/markdown; charset=utf-8')
        .send(markdown);
    },
  );
};

/** Typed as nothing at all: it is sent as it is. */
const markdownFile: object = {
  200: { description: 'The document, to be saved', content: { 'text/markdown': { schema: z.string() } } },
};
