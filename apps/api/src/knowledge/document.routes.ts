import { Readable } from 'node:stream';
import { problemResponses, type Routes, readPage, thingParams } from '@alva/service-kit';
import {
  documentOverview,
  foundPassage,
  knowledgeDocument,
  knowledgeSearchQuery,
  page,
  pageQuery,
} from '@alva/validation';
import { z } from 'zod';
import { guarded } from '../guard.ts';
import { originalHeaders } from './original-headers.ts';
import type { DocumentsService } from './documents.service.ts';
import type { PassagesService } from './passages.service.ts';

export interface DocumentRoutesOptions {
  readonly documents: DocumentsService;
  readonly passages: Pick<PassagesService, 'search'>;
}

export const documentRoutes: Routes<DocumentRoutesOptions> = async (app, { documents, passages }) => {
  const tags = ['knowledge'];

  app.get(
    '/knowledge/documents',
    {
      schema: {
        ...guarded,
        tags,
        summary: 'Your documents, newest first',
        querystring: pageQuery,
        response: { 200: page(documentOverview), ...problemResponses('authentication-required', 'validation-failed') },
      },
    },
    async (request) => readPage(request.query, (slice) => documents.list(request.token.sub, slice)),
  );

  app.get(
    '/knowledge/documents/:id',
    {
      schema: {
        ...guarded,
        tags,
        summary: 'One document with its text',
        description: 'The text is in sections, to which the places of citations and found passages refer.',
        params: thingParams,
        response: { 200: knowledgeDocument, ...problemResponses('authentication-required', 'not-found') },
      },
    },
    async (request) => documents.get(request.token.sub, request.params.id),
  );

  app.get(
    '/knowledge/documents/:id/original',
    {
      schema: {
        ...guarded,
        tags,
        summary: 'The file as it was uploaded',
        description: 'To be saved, never shown: it may hold anything.',
        params: thingParams,
        response: {
          200: { description: 'The file', content: { 'application/octet-stream': { schema: z.unknown() } } },
          ...problemResponses('authentication-required', 'not-found'),
        },
      },
    },
    async (request, reply) => {
      const file = await documents.original(request.token.sub, request.params.id);
      return reply.headers(originalHeaders(file)).send(Readable.from(file.content(), { objectMode: false }));
    },
  );

  app.delete(
    '/knowledge/documents/:id',
    {
      schema: {
        ...guarded,
        tags,
        summary: 'Delete a document for good',
        description: 'The file and its text go at once. Answers that cited it keep the words they cited.',
        params: thingParams,
        response: { 204: z.undefined(), ...problemResponses('authentication-required', 'not-found') },
      },
    },
    async (request, reply) => {
      await documents.remove(request.token.sub, request.params.id);
      return reply.code(204).send();
    },
  );

  app.get(
    '/knowledge/search',
    {
      schema: {
        ...guarded,
        tags,
        summary: 'Find passages in your documents',
        description:
          'Best first. Words are found in all their forms in German and English, as they are in other languages.',
        querystring: knowledgeSearchQuery,
        response: {
          200: z.object({ items: z.array(foundPassage) }),
          ...problemResponses('authentication-required', 'validation-failed'),
        },
      },
    },
    async ({ token, query }) => ({ items: await passages.search(token.sub, query.q, query.limit) }),
  );
};
