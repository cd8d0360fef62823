import { createApiClient, type ApiClient } from '@alva/api-client';
import { createAuthSession, type AuthSession, type AuthSessionOptions } from '@alva/auth-client';
import { type PublicConfig } from './config.ts';

export interface Services {
  session: AuthSession;
  api: ApiClient;
}

/** The two services behind the pages. Tokens live and are renewed inside the session; nobody here ever sees one. */
export function createServices(
  { apiUrl, authUrl }: PublicConfig,
  { onSecondFactor }: Required<Pick<AuthSessionOptions, 'onSecondFactor'>>,
): Services {
  const session = createAuthSession({ authUrl, apiUrls: [apiUrl], onSecondFactor });
  return { session, api: createApiClient({ apiUrl, fetch: session.fetch }) };
}
