import {
  expectedVersions,
  isKnownVersion,
  problemResponses,
  thingParams,
  versionTag,
  type Routes,
} from '@alva/service-kit';
import { addTaskBody, changeTaskBody, page, planTask, tasksQuery } from '@alva/validation';
import { z } from 'zod';
import { guarded } from '../guard.ts';
import { askerOf, workHeaders } from '../jobs/asker.ts';
import type { TasksService } from './tasks.service.ts';

const ifMatch = z.object({ 'if-match': z.string().optional() });

export const taskRoutes: Routes<{ tasks: TasksService }> = async (app, { tasks }) => {
  const tags = ['tasks'];

  app.get(
    '/tasks',
    {
      schema: {
        ...guarded,
        tags,
        summary: 'Your tasks, of one plan or all of them',
        querystring: tasksQuery,
        response: { 200: page(planTask), ...problemResponses('authentication-required', 'validation-failed') },
      },
    },
    async (request) => tasks.list(request.token.sub, request.query),
  );

  app.get(
    '/tasks/:id',
    {
      schema: {
        ...guarded,
        tags,
        summary: 'One task',
        params: thingParams,
        response: { 200: planTask, 304: z.null(), ...problemResponses('authentication-required', 'not-found') },
      },
    },
    async (request, reply) => {
      const task = await tasks.get(request.token.sub, request.params.id);
      reply.headers({ etag: versionTag(task.version), 'cache-control': 'private, no-cache' });
      if (isKnownVersion(request.headers['if-none-match'], task.version)) return reply.code(304).send(null);
      return reply.send(task);
    },
  );

  app.post(
    '/plans/:id/tasks',
    {
      schema: {
        ...guarded,
        tags,
        summary: 'Add a task to a plan',
        description: 'A repeated request with the same `Idempotency-Key` adds no second one and gets the same answer.',
        params: thingParams,
        headers: workHeaders,
        body: addTaskBody,
        response: {
          201: planTask,
          ...problemResponses(
            'authentication-required',
            'not-found',
            'plan-not-ready',
            'too-many-tasks',
            'idempotency-key-reused',
            'validation-failed',
          ),
        },
      },
    },
    async (request, reply) => {
      const task = await tasks.add(askerOf(request), request.params.id, request.body);
      return reply
        .code(201)
        .headers({ location: `/tasks/${task.id}`, etag: versionTag(task.version) })
        .send(task);
    },
  );

  app.patch(
    '/tasks/:id',
    {
      schema: {
        ...guarded,
        tags,
        summary: 'Change a task, check it off, or move it to another place',
        description:
          'The others make room for one that is moved. With `If-Match` only the version that was read is changed.',
        params: thingParams,
        headers: ifMatch,
        body: changeTaskBody,
        response: {
          200: planTask,
          ...problemResponses('authentication-required', 'not-found', 'precondition-failed', 'validation-failed'),
        },
      },
    },
    async (request, reply) => {
      const expected = expectedVersions(request.headers['if-match']);
      const task = await tasks.change(request.token.sub, request.params.id, request.body, expected);
      return reply.header('etag', versionTag(task.version)).send(task);
    },
  );

  app.delete(
    '/tasks/:id',
    {
      schema: {
        ...guarded,
        tags,
        summary: 'Delete a task',
        params: thingParams,
        headers: ifMatch,
        response: {
          204: z.undefined(),
          ...problemResponses('authentication-required', 'not-found', 'precondition-failed'),
        },
      },
    },
    async (request, reply) => {
      await tasks.remove(request.token.sub, request.params.id, expectedVersions(request.headers['if-match']));
      return reply.code(204).send();
    },
  );
};
