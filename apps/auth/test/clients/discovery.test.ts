import t from 'tap';
import { startAuth } from '../support/auth.ts';
import { ask, type Answer } from '../support/browser.ts';
import { addClient, basic, postForm, type TestClient } from '../support/clients.ts';

const auth = await startAuth(t);
const client = await addClient(auth);
type Metadata = Record<string, string | string[]>;

async function read(name: string): Promise<Metadata> {
  return (await ask(`${auth.url}/.well-known/${name}`)).json as Metadata;
}

/** As the world would, at the address that the test listens on. */
function here(address: string): string {
  return address.replace(auth.config.AUTH_URL, auth.url);
}

const token = 'A'.repeat(43);
/** Every method of the registry that could be claimed (RFC 7591, RFC 7523, RFC 8705), tried as a service would. */
const methods: Record<string, (endpoint: string, client: TestClient) => Promise<Answer>> = {
  client_secret_basic: (endpoint) => postForm(endpoint, { token }, basic(client)),
  client_secret_post: (endpoint, { id, secret }) => postForm(endpoint, { token, client_id: id, client_secret: secret }),
  none: (endpoint, { id }) => postForm(endpoint, { token, client_id: id }),
  client_secret_jwt: (endpoint, { id }) => postForm(endpoint, { token, client_id: id, ...assertion }),
  private_key_jwt: (endpoint) => postForm(endpoint, { token, ...assertion }),
  tls_client_auth: (endpoint, { id }) => postForm(endpoint, { token, client_id: id }, { 'x-client-cert': 'x' }),
  bearer: (endpoint, { secret }) => postForm(endpoint, { token }, { authorization: `Bearer ${secret}` }),
};
const assertion = {
  client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
  client_assertion: 'a.b.c',
};

t.test('both discovery documents are one, and of this issuer', async (t) => {
  const [oauth, openid] = [await read('oauth-authorization-server'), await read('openid-configuration')];
  t.strictSame(oauth, openid);
  t.equal(oauth['issuer'], auth.config.AUTH_URL);
});

t.test('every address in the discovery document leads to what it says', async (t) => {
  const { issuer, ...metadata } = await read('oauth-authorization-server');
  const addresses = Object.entries(metadata).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  t.equal(addresses.length, 6);
  for (const [name, address] of addresses) {
    t.ok(address.startsWith(`${String(issuer)}/`), `${name} is at the issuer`);
    if (name.endsWith('_endpoint')) {
      t.match(await postForm(here(address), { token }), { status: 401, json: { code: 'invalid-client' } }, name);
    } else if (name === 'session_revocation_events_uri') {
      const aborted = new AbortController();
      const { status, headers } = await fetch(here(address), { signal: aborted.signal });
      aborted.abort();
      t.match({ status, type: headers.get('content-type') }, { status: 200, type: /^text\/event-stream/ });
    } else {
      t.equal((await ask(here(address))).status, 200, name);
    }
  }
});

t.test('every way to authenticate that is claimed works, and no other does', async (t) => {
  const metadata = await read('oauth-authorization-server');
  for (const name of ['introspection_endpoint', 'revocation_endpoint']) {
    const claimed = metadata[`${name}_auth_methods_supported`] as string[];
    t.ok(claimed.length > 0);
    for (const [method, attempt] of Object.entries(methods)) {
      const { status } = await attempt(here(metadata[name] as string), client);
      t.equal(status, claimed.includes(method) ? 200 : 401, `${name} by ${method}`);
    }
  }
});

t.test('no grant, no response type and no endpoint is claimed that is not there', async (t) => {
  const metadata = await read('oauth-authorization-server');
  t.match(metadata, { response_types_supported: [], grant_types_supported: [] });
  for (const name of ['authorization_endpoint', 'token_endpoint', 'registration_endpoint', 'userinfo_endpoint']) {
    t.notOk(name in metadata, name);
  }
});
