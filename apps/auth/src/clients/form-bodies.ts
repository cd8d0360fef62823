import { ProblemError, type Server } from '@alva/service-kit';
import { type FastifySchemaCompiler } from 'fastify';
import { z } from 'zod';
import { oauthError } from './oauth-error.ts';

/**
 * In this scope bodies are `application/x-www-form-urlencoded` and nothing else, and what is wrong with them is told as
 * OAuth wants it told: 400 `invalid_request`.
 */
export function acceptOnlyForms(
  app: Pick<Server, 'removeAllContentTypeParsers' | 'addContentTypeParser' | 'setValidatorCompiler'>,
) {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (request, body, done) => {
    const encoding = request.headers['content-encoding'];
    const isCompressed = encoding !== undefined && encoding !== 'identity';
    const form = isCompressed ? new ProblemError('unsupported-media-type') : readForm(body as string);
    if (form instanceof Error) done(form);
    else done(null, form);
  });
  app.setValidatorCompiler(formValidator);
}

const formValidator: FastifySchemaCompiler<z.core.$ZodType> =
  ({ schema }) =>
  (data: unknown) => {
    const result = z.core.safeParse(schema, data ?? {});
    if (result.success) return { value: result.data };
    const [name = 'the form'] = result.error.issues.map(({ path }) => String(path[0] ?? 'the form'));
    return { error: oauthError('invalid-request', `The parameter ${name} is missing or not valid`) };
  };

/** A parameter without a value counts as left out, and none may come twice (RFC 6749, section 3.2). */
function readForm(body: string): Record<string, string> | ProblemError {
  const form = new Map<string, string>();
  for (const pair of body.split('&')) {
    if (pair === '') continue;
    const [name = '', ...value] = pair.split('=');
    const [decodedName, decodedValue] = [formDecode(name), formDecode(value.join('='))];
    if (decodedName === undefined || decodedValue === undefined) {
      return oauthError('invalid-request', 'The form is not encoded as a form');
    }
    if (form.has(decodedName)) return oauthError('invalid-request', 'A parameter was sent more than once');
    form.set(decodedName, decodedValue);
  }
  return Object.fromEntries([...form].filter(([, value]) => value !== ''));
}

/** Reverses `application/x-www-form-urlencoded` of one name or value; undefined when that is not what it is. */
export function formDecode(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}
