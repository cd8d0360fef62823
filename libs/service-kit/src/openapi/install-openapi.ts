import swagger from '@fastify/swagger';
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';
import type { OpenAPIV3_1 } from 'openapi-types';
import type { Server } from '../server/create-server.ts';
import { describeAnswers } from './describe-answers.ts';
import { installReference } from './reference.ts';
import { tidySchemas } from './tidy-schemas.ts';

export interface OpenApiOptions {
  title: string;
  version: string;
  description: string;
  publicUrl: string;
  tags?: OpenAPIV3_1.TagObject[];
  /** Besides `bearer`, which every service knows: `security: [{ bearer: [] }]` on a guarded route. */
  securitySchemes?: Record<string, OpenAPIV3_1.SecuritySchemeObject>;
}

/** Describes every route registered after it: GET /openapi.json, and /reference to browse and try them. */
export async function installOpenApi(app: Server, options: OpenApiOptions): Promise<void> {
  const { title, version, description, publicUrl, tags = [], securitySchemes = {} } = options;
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title, version, description, license: { name: 'MIT', identifier: 'MIT' } as never },
      servers: [{ url: publicUrl }],
      tags,
      components: {
        securitySchemes: {
          bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
          ...securitySchemes,
        } as never,
      },
    },
    transform: jsonSchemaTransform,
    transformObject: (input) => describeAnswers(tidySchemas(jsonSchemaTransformObject(input))),
  });

  let document: string | undefined;
  app.get('/openapi.json', { schema: { hide: true } }, (_request, reply) => {
    document ??= JSON.stringify(app.swagger());
    return reply.type('application/json').header('cache-control', 'no-cache').send(document);
  });
  installReference(app, { title, publicUrl });
}
