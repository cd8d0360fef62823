import { ProblemError, problemResponses, type Routes } from '@alva/service-kit';
import { documentMediaTypes, type DocumentMediaType } from '@alva/shared-types';
import { uploadAnswer, uploadQuery } from '@alva/validation';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { guarded } from '../guard.ts';
import { askerOf, workHeaders, workRefusals } from '../jobs/asker.ts';
import type { DocumentsService } from './documents.service.ts';

export interface UploadRoutesOptions {
  readonly documents: Pick<DocumentsService, 'upload'>;
  /** Bytes that one file may have. */
  readonly fileLimit: number;
}

const description = `The body is the file itself in one of these media types, text in UTF-8 or UTF-16. Answers at once; the job reads it.
The same file in the same media type is kept once: it is answered with the document that is there, unless that could not be read.`;

/** In a scope of its own: nowhere else are bodies read that are no JSON. */
export const uploadRoutes: Routes<UploadRoutesOptions> = async (app, { documents, fileLimit }) => {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    [...documentMediaTypes],
    { parseAs: 'buffer', bodyLimit: fileLimit },
    async (request: FastifyRequest, body: Buffer) => {
      const encoding = request.headers['content-encoding'];
      if (encoding === undefined || encoding === 'identity') return body;
      throw new ProblemError('unsupported-media-type', { detail: 'Compressed bodies are not read here' });
    },
  );

  const file = z
    .custom<Buffer>((body) => Buffer.isBuffer(body), 'is missing')
    .meta({ type: 'string', format: 'binary' });
  app.post(
    '/knowledge/documents',
    {
      bodyLimit: fileLimit,
      schema: {
        ...guarded,
        tags: ['knowledge'],
        summary: 'Add a document that the assistant may quote',
        description,
        headers: workHeaders,
        querystring: uploadQuery,
        consumes: [...documentMediaTypes],
        body: file,
        response: {
          202: uploadAnswer,
          ...problemResponses(
            'authentication-required',
            'knowledge-full',
            'body-too-large',
            'unsupported-media-type',
            'validation-failed',
            ...workRefusals,
          ),
        },
      },
    },
    async (request, reply) => {
      const upload = {
        name: request.query.name,
        mediaType: mediaTypeOf(request.headers),
        content: request.body,
      };
      const answer = await documents.upload(askerOf(request), upload);
      return reply.code(202).header('location', `/jobs/${answer.jobId}`).send(answer);
    },
  );
};

function mediaTypeOf({ 'content-type': given = '' }: { 'content-type'?: string | undefined }): DocumentMediaType {
  const type = given.split(';', 1)[0]?.trim().toLowerCase();
  const known = documentMediaTypes.find((each) => each === type);
  if (!known) throw new ProblemError('unsupported-media-type');
  return known;
}
