import { problemResponses, type Routes } from '@alva/service-kit';
import { usage as usageSchema } from '@alva/validation';
import { guardedWithGuests, guestRefusals } from '../guard.ts';
import type { UsageService } from './usage.service.ts';

export const usageRoutes: Routes<{ usage: UsageService }> = async (app, { usage }) => {
  app.get(
    '/usage',
    {
      schema: {
        ...guardedWithGuests,
        tags: ['usage'],
        summary: 'What your work has used today, and what is left',
        description:
          'Tokens are set aside when work is asked for and charged when it is over, on the day (UTC) it was asked for.',
        response: { 200: usageSchema, ...problemResponses(...guestRefusals) },
      },
    },
    async ({ owner }) => usage.of(owner),
  );
};
