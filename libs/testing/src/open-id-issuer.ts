import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { KoaContextWithOIDC } from 'oidc-provider';

export interface IssuerAccount {
  readonly subject: string;
  readonly claims: Record<string, unknown>;
}

export interface OpenIdIssuer {
  readonly url: string;
  readonly client: { readonly id: string; readonly secret: string };
  /** Whoever signs in with this name at its page is that account from now on. */
  setAccount(name: string, account: IssuerAccount): void;
}

interface Teardown {
  teardown(handler: () => Promise<void>): void;
}

/**
 * A real OpenID provider (`oidc-provider`, certified) with one client, on a free port. Its page asks for a name and for
 * nothing else; "Cancel" refuses. Its session is a cookie, so a browser that comes again is let through.
 */
export async function openIdIssuer(t: Teardown, redirectUris: string[]): Promise<OpenIdIssuer> {
  const accounts = new Map<string, IssuerAccount>();
  const client = { id: 'alva', secret: 'a-secret-of-thirty-two-characters' };
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://localhost:${(server.address() as AddressInfo).port}`;

  // Only here: every test imports this package, and few want what takes a quarter of a second to load.
  const { Provider } = await import('oidc-provider');
  const provider = new Provider(url, {
    clients: [{ client_id: client.id, client_secret: client.secret, redirect_uris: redirectUris }],
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    cookies: { keys: ['only for tests'] },
    pkce: { required: () => true },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
    loadExistingGrant: grantEverything,
    findAccount: (_context, subject) => {
      const account = [...accounts.values()].find((one) => one.subject === subject);
      return account && { accountId: subject, claims: () => ({ ...account.claims, sub: subject }) };
    },
    ttl: { Interaction: 600, Session: 3600, Grant: 3600, AccessToken: 600, IdToken: 600, AuthorizationCode: 60 },
  });
  const answer = provider.callback();

  async function interact(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method === 'GET') {
      response.setHeader('content-type', 'text/html');
      response.end(page);
      return;
    }
    const form = new URLSearchParams(await text(request));
    const account = accounts.get(form.get('name') ?? '');
    const result = account
      ? { login: { accountId: account.subject } }
      : { error: 'access_denied', error_description: 'The person cancelled' };
    await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
  }

  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    if (!request.url?.startsWith('/interaction/')) void answer(request, response);
    else void interact(request, response).catch(() => response.writeHead(400).end());
  });
  t.teardown(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return { url, client, setAccount: (name, account) => void accounts.set(name, account) };
}

/** Nobody is asked whether the client may know what it asks for. */
async function grantEverything({ oidc }: KoaContextWithOIDC) {
  const { client, session, provider } = oidc;
  const grant = new provider.Grant({ clientId: client?.clientId, accountId: session?.accountId });
  grant.addOIDCScope('openid email profile');
  await grant.save();
  return grant;
}

const page = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Example ID</title></head><body><main>
<h1>Example ID</h1><form method="post"><label>Name <input name="name" autofocus></label>
<button>Go on</button> <button name="cancel">Cancel</button></form></main></body></html>`;
