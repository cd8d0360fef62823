import { ProblemError, type Routes } from '@alva/service-kit';
import { z } from 'zod';
import { samples } from '../mail/samples.ts';
import { mailPolicy, pagePolicy } from './page-policies.ts';
import { inTheme, renderSamples, themes } from './samples-page.ts';

const hide = { schema: { hide: true } };

/** Every letter as its reader would see it. Registered only where mail is kept instead of sent. */
export const sampleRoutes: Routes = async (app) => {
  app.get('/dev/mails', hide, async (_request, reply) =>
    reply
      .header('content-security-policy', pagePolicy)
      .type('text/html; charset=utf-8')
      .send(renderSamples(Object.entries(samples))),
  );

  const schema = {
    hide: true,
    params: z.object({ name: z.string() }),
    querystring: z.strictObject({ theme: z.enum(themes).optional() }),
  };
  app.get('/dev/mails/:name', { schema }, async ({ params, query }, reply) =>
    reply
      .header('content-security-policy', mailPolicy)
      .type('text/html; charset=utf-8')
      .send(inTheme(find(params.name).html, query.theme)),
  );

  app.get('/dev/mails/:name/text', { schema: { hide: true, params: schema.params } }, async ({ params }, reply) =>
    reply.type('text/plain; charset=utf-8').send(find(params.name).text),
  );
};

function find(name: string) {
  const sample = Object.hasOwn(samples, name) ? samples[name] : undefined;
  if (!sample) throw new ProblemError('not-found');
  return sample;
}
