import { expectedVersions, problemResponses, thingParams, versionTag, type Routes } from '@alva/service-kit';
import { changePlanBody, generatePlanAnswer, plan, rewriteSectionBody } from '@alva/validation';
import { z } from 'zod';
import { guarded } from '../guard.ts';
import { askerOf, workHeaders, workRefusals } from '../jobs/asker.ts';
import type { PlanEditsService } from './plan-edits.service.ts';

/** What their owners do to plans. */
export const planEditRoutes: Routes<{ planEdits: PlanEditsService }> = async (app, { planEdits }) => {
  const tags = ['plans'];

  app.patch(
    '/plans/:id',
    {
      schema: {
        ...guarded,
        tags,
        summary: 'Change a plan: its title, summary, figures, and any of its sections',
        description:
          'Wants the `ETag` of what was read in `If-Match`. 412 means that it was changed meanwhile, and names the present `ETag`; `*` overwrites whatever is there.',
        params: thingParams,
        headers: z.object({ 'if-match': z.string().optional() }),
        body: changePlanBody,
        response: {
          200: plan,
          ...problemResponses(
            'authentication-required',
            'not-found',
            'plan-not-ready',
            'precondition-required',
            'precondition-failed',
            'validation-failed',
          ),
        },
      },
    },
    async (request, reply) => {
      const expected = expectedVersions(request.headers['if-match']);
      const changed = await planEdits.change(request.token.sub, request.params.id, expected, request.body);
      return reply.header('etag', versionTag(changed.version)).send(changed);
    },
  );

  app.delete(
    '/plans/:id',
    {
      schema: {
        ...guarded,
        tags,
        summary: 'Delete a plan with its sections and tasks',
        description: 'What is being written for it is called off. `If-Match` deletes only the version that was read.',
        params: thingParams,
        headers: z.object({ 'if-match': z.string().optional() }),
        response: {
          204: z.undefined(),
          ...problemResponses('authentication-required', 'not-found', 'precondition-failed'),
        },
      },
    },
    async (request, reply) => {
      await planEdits.remove(request.token.sub, request.params.id, expectedVersions(request.headers['if-match']));
      return reply.code(204).send();
    },
  );

  app.post(
    '/plans/:id/regenerate',
    {
      schema: {
        ...guarded,
        tags,
        summary: 'Have one section written anew',
        description:
          'Answers at once; the job rewrites the section and leaves the rest of the plan alone. What the section said until then, edits made meanwhile included, stays in its `previous`; `restore` in `PATCH /plans/:id` takes it back.',
        params: thingParams,
        headers: workHeaders,
        body: rewriteSectionBody,
        response: {
          202: generatePlanAnswer,
          ...problemResponses(
            'authentication-required',
            'not-found',
            'plan-not-ready',
            'section-in-work',
            'validation-failed',
            ...workRefusals,
          ),
        },
      },
    },
    async (request, reply) => {
      const answer = await planEdits.rewriteSection(askerOf(request), request.params.id, request.body);
      return reply.code(202).header('location', `/jobs/${answer.jobId}`).send(answer);
    },
  );
};
