import { problemResponses, type Routes } from '@alva/service-kit';
import { auditQuery, auditRecordList } from '@alva/validation';
import { type AuditTrail } from '../audit/audit.service.ts';

export interface AuditRoutesOptions {
  readonly auditTrail: AuditTrail;
}

export const auditRoutes: Routes<AuditRoutesOptions> = async (app, { auditTrail }) => {
  app.get(
    '/admin/audit',
    {
      schema: {
        tags: ['administration'],
        security: [{ bearer: [] }],
        summary: 'What happened, newest first',
        description: 'Filters narrow each other. What is added while one reads appears on no later page.',
        querystring: auditQuery,
        response: {
          200: auditRecordList,
          ...problemResponses('authentication-required', 'invalid-token', 'forbidden', 'validation-failed'),
        },
      },
    },
    async ({ query }) => auditTrail.list(query),
  );
};
