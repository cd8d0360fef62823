import { type IncomingMessage } from 'node:http';
import { formDecode } from './form-bodies.ts';
import { oauthError } from './oauth-error.ts';

/** What a service presents to show which one it is. */
export interface Credentials {
  readonly id: string;
  readonly secret: string;
}

/** The parameters of `client_secret_post`, as far as a form has them. */
export interface CredentialsForm {
  readonly client_id?: string | undefined;
  readonly client_secret?: string | undefined;
}

/**
 * Reads `client_secret_basic` or `client_secret_post` (RFC 6749, section 2.3.1). Both at once is `invalid_request`: which
 * one counts must not depend on who reads. Throws `invalid_client` when there are none.
 */
export function readCredentials(
  { headers, rawHeaders }: Pick<IncomingMessage, 'headers' | 'rawHeaders'>,
  form: CredentialsForm,
): Credentials {
  const { client_id: id, client_secret: secret } = form;
  if (headers.authorization === undefined) {
    if (id === undefined || secret === undefined)
      throw oauthError('invalid-client', 'The client did not authenticate', { reason: 'missing' });
    return { id, secret };
  }
  const times = rawHeaders.filter((name, index) => index % 2 === 0 && name.toLowerCase() === 'authorization').length;
  if (secret !== undefined || times > 1) throw oauthError('invalid-request', 'The client authenticated more than once');
  const credentials = readBasic(headers.authorization);
  if (!credentials)
    throw oauthError('invalid-client', 'The Authorization header is not that of a client', { reason: 'malformed' });
  // Saying beside the header who one is authenticates nobody, but it must not be somebody else.
  if (id !== undefined && id !== credentials.id) throw oauthError('invalid-request', 'Two clients are named');
  return credentials;
}

/** Both halves are form-encoded before they are joined by the colon, so that either may hold one. */
function readBasic(header: string): Credentials | undefined {
  const [, encoded = ''] = /^basic +([A-Za-z0-9+/]+={0,2})$/i.exec(header) ?? [];
  const bytes = Buffer.from(encoded, 'base64');
  if (encoded === '' || bytes.toString('base64') !== encoded) return undefined;
  const [id = '', ...rest] = bytes.toString().split(':');
  if (rest.length === 0) return undefined;
  const [decodedId, secret] = [formDecode(id), formDecode(rest.join(':'))];
  return decodedId === undefined || secret === undefined ? undefined : { id: decodedId, secret };
}
