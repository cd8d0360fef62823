import { ProblemError } from '@alva/service-kit';
import { type AccessTokenClaims } from '@alva/validation';
import { type FastifyRequest } from 'fastify';
import { type AccessTokens } from './access-token.ts';

/** The claims of the request's bearer token. Whether its session still lives is for the store to say. */
export async function authenticate({ headers }: FastifyRequest, tokens: AccessTokens): Promise<AccessTokenClaims> {
  const { authorization } = headers;
  if (authorization === undefined) throw new ProblemError('authentication-required');
  const [, token] = /^Bearer +([\w.-]+)$/i.exec(authorization) ?? [];
  const claims = token === undefined ? undefined : await tokens.verify(token);
  if (!claims) throw new ProblemError('invalid-token');
  return claims;
}
