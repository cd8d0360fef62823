import * as openid from 'openid-client';
import { z } from 'zod';
import { plainName, verifiedAddress } from './claims.ts';
import { inTime } from './oidc-provider.ts';
import { createProviderFetch, providerPatience } from './provider-fetch.ts';
import { type AttemptSecrets, type Provider } from './provider.ts';

export interface GithubProviderOptions {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly redirectUri: string;
  /** Where its API is; tests have one of their own. */
  readonly addresses?: GithubAddresses;
}

export interface GithubAddresses {
  readonly issuer: string;
  readonly authorization: string;
  readonly token: string;
  readonly api: string;
}

const github: GithubAddresses = {
  issuer: 'https://github.com/login/oauth',
  authorization: 'https://github.com/login/oauth/authorize',
  token: 'https://github.com/login/oauth/access_token',
  api: 'https://api.github.com',
};

const account = z.object({ id: z.number().int().positive(), login: z.string(), name: z.string().nullish() });
const addresses = z.array(z.object({ email: z.string(), primary: z.unknown(), verified: z.unknown() }));

/** GitHub speaks OAuth 2.0 without OpenID: who it is and which addresses are verified is asked of its API. */
export function createGithubProvider(options: GithubProviderOptions): Provider {
  const { clientId, clientSecret, redirectUri, addresses: at = github } = options;
  const server = { issuer: at.issuer, authorization_endpoint: at.authorization, token_endpoint: at.token };
  const config = new openid.Configuration(server, clientId, {}, openid.ClientSecretPost(clientSecret));
  config[openid.customFetch] = createProviderFetch();
  config.timeout = providerPatience / 1000;
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- marked so as to be noticed; GitHub itself is https
  if (at.token.startsWith('http:')) openid.allowInsecureRequests(config);

  async function begin({ state, verifier }: AttemptSecrets): Promise<URL> {
    return openid.buildAuthorizationUrl(config, {
      redirect_uri: redirectUri,
      scope: 'read:user user:email',
      state,
      code_challenge: await openid.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    });
  }

  async function finish(answer: URLSearchParams, { state, verifier }: AttemptSecrets) {
    const tokens = await openid.authorizationCodeGrant(config, new URL(`${redirectUri}?${answer.toString()}`), {
      expectedState: state,
      pkceCodeVerifier: verifier,
    });
    const [person, mailboxes] = await Promise.all([
      read(tokens.access_token, '/user'),
      read(tokens.access_token, '/user/emails'),
    ]);
    const { id, login, name } = account.parse(person);
    const primary = addresses.parse(mailboxes).find(({ primary }) => primary === true);
    return {
      issuer: at.issuer,
      // A login can be given up and taken by somebody else; the number cannot.
      subject: String(id),
      email: primary ? verifiedAddress({ email: primary.email, email_verified: primary.verified }) : null,
      name: plainName(name ?? login),
    };
  }

  async function read(accessToken: string, path: string): Promise<unknown> {
    const headers = new Headers({ accept: 'application/vnd.github+json', 'x-github-api-version': '2022-11-28' });
    const answer = await openid.fetchProtectedResource(
      config,
      accessToken,
      new URL(at.api + path),
      'GET',
      null,
      headers,
    );
    if (!answer.ok) throw new Error(`${path} was answered with ${answer.status}`);
    return answer.json();
  }

  return {
    name: 'github',
    label: 'GitHub',
    answersBy: 'query',
    isBelievedOnAddresses: true,
    begin: (secrets) => inTime(begin(secrets)),
    finish: (answer, secrets) => inTime(finish(answer, secrets)),
  };
}
