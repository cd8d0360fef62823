import { type ProviderName } from '@alva/shared-types';
import * as openid from 'openid-client';
import { plainName, verifiedAddress } from './claims.ts';
import { keptFor } from './kept-for.ts';
import { createProviderFetch, ProviderDown, providerPatience } from './provider-fetch.ts';
import { type AttemptSecrets, type Provider } from './provider.ts';

export interface OidcProviderOptions {
  readonly name: ProviderName;
  readonly label: string;
  /** As the provider spells it in `iss`. Plain http is accepted as it stands: the configuration allows it on loopback only. */
  readonly issuer: string;
  readonly clientId: string;
  readonly clientAuth: openid.ClientAuth;
  readonly scopes: string;
  readonly redirectUri: string;
  readonly answersBy?: Provider['answersBy'];
  readonly isBelievedOnAddresses: boolean;
  /** For providers that tell the name elsewhere than in a claim. */
  readonly nameIn?: (answer: URLSearchParams) => unknown;
}

const discoveryLifetime = 3_600_000;

/** An OpenID provider by its issuer (OpenID Connect Core and Discovery), code flow with PKCE, state and nonce. */
export function createOidcProvider(options: OidcProviderOptions): Provider {
  const { name, label, clientId, redirectUri, answersBy = 'query', isBelievedOnAddresses, nameIn } = options;
  const issuer = new URL(options.issuer);
  const fetch = createProviderFetch();

  const discovered = keptFor(discoveryLifetime, () =>
    openid.discovery(issuer, clientId, {}, options.clientAuth, {
      timeout: providerPatience / 1000,
      [openid.customFetch]: fetch,
      execute: [
        // The code flow may trust TLS instead of the signature (Core, section 3.1.3.7); we want both.
        openid.enableNonRepudiationChecks,
        // eslint-disable-next-line @typescript-eslint/no-deprecated -- marked so as to be noticed; for loopback alone
        ...(issuer.protocol === 'http:' ? [openid.allowInsecureRequests] : []),
      ],
    }),
  );

  async function begin({ state, nonce, verifier }: AttemptSecrets): Promise<URL> {
    return openid.buildAuthorizationUrl(await discovered(), {
      redirect_uri: redirectUri,
      scope: options.scopes,
      ...{ state, nonce, code_challenge_method: 'S256' },
      code_challenge: await openid.calculatePKCECodeChallenge(verifier),
      ...(answersBy === 'form_post' ? { response_mode: 'form_post' } : {}),
    });
  }

  async function finish(answer: URLSearchParams, { state, nonce, verifier }: AttemptSecrets) {
    const config = await discovered();
    // Also checks `iss` of the answer, which must be there if the provider announces it (RFC 9207).
    const tokens = await openid.authorizationCodeGrant(config, new URL(`${redirectUri}?${answer.toString()}`), {
      expectedState: state,
      expectedNonce: nonce,
      pkceCodeVerifier: verifier,
      idTokenExpected: true,
    });
    const claims = tokens.claims();
    if (!claims) throw new Error('there is no ID token');
    const { iss, sub, azp } = claims;
    // Required to be ours only among several audiences, but never right when it is somebody else's.
    if (azp !== undefined && azp !== clientId) throw new Error('the ID token was issued to another client');
    // One to 255 characters (Core, section 2); whoever has no subject would be the same person as the next one without.
    if (sub.length < 1 || sub.length > 255) throw new Error('the subject is empty or too long');
    const { userinfo_endpoint: userinfo } = config.serverMetadata();
    const profile =
      claims.email === undefined && userinfo !== undefined
        ? await openid.fetchUserInfo(config, tokens.access_token, sub)
        : claims;
    return {
      issuer: iss,
      subject: sub,
      email: verifiedAddress(profile),
      name: plainName(nameIn ? nameIn(answer) : profile.name),
    };
  }

  return {
    ...{ name, label, answersBy, isBelievedOnAddresses },
    begin: (secrets) => inTime(begin(secrets)),
    finish: (answer, secrets) => inTime(finish(answer, secrets)),
  };
}

/** Several answers are waited for, each with its own patience; together they have no more. */
export async function inTime<Value>(work: Promise<Value>): Promise<Value> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new ProviderDown('took too long')), providerPatience + 200);
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Whichever way the provider announces, basic first, which is what silence means (Discovery, section 3). */
export function byClientSecret(secret: string): openid.ClientAuth {
  const [basic, post] = [openid.ClientSecretBasic(secret), openid.ClientSecretPost(secret)];
  return (as, client, body, headers) => {
    const announced = as.token_endpoint_auth_methods_supported ?? ['client_secret_basic'];
    const authenticate = announced.includes('client_secret_basic') ? basic : post;
    authenticate(as, client, body, headers);
  };
}
