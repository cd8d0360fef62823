import { sign, type KeyObject } from 'node:crypto';
import { type ClientAuth, ClientSecretPost } from 'openid-client';
import { createOidcProvider } from './oidc-provider.ts';
import { type Provider } from './provider.ts';

/** A secret made elsewhere, which Apple accepts for six months at most, or the team's key, with which one is made each time. */
export type AppleCredentials = { readonly secret: string } | AppleTeamKey;

export interface AppleTeamKey {
  readonly teamId: string;
  readonly keyId: string;
  readonly privateKey: KeyObject;
}

export interface AppleProviderOptions {
  /** The Services ID. */
  readonly clientId: string;
  readonly credentials: AppleCredentials;
  readonly redirectUri: string;
  /** Tests have one of their own. */
  readonly issuer?: string;
}

const apple = 'https://appleid.apple.com';

/** Apple is an OpenID provider that posts its answer, and tells the name only there and only the first time. */
export function createAppleProvider({
  clientId,
  credentials,
  redirectUri,
  issuer = apple,
}: AppleProviderOptions): Provider {
  return createOidcProvider({
    name: 'apple',
    label: 'Apple',
    ...{ issuer, clientId, redirectUri },
    clientAuth: 'secret' in credentials ? ClientSecretPost(credentials.secret) : byTeamKey(credentials),
    scopes: 'openid name email',
    answersBy: 'form_post',
    isBelievedOnAddresses: true,
    nameIn: nameInAnswer,
  });
}

/** Good for five minutes, so that no secret lies anywhere that could be stolen or expire unseen. */
function byTeamKey({ teamId, keyId, privateKey }: AppleTeamKey): ClientAuth {
  return (as, client, body, headers) => {
    const now = Math.floor(Date.now() / 1000);
    const header = encode({ alg: 'ES256', kid: keyId });
    const claims = encode({ iss: teamId, sub: client.client_id, aud: as.issuer, iat: now, exp: now + 300 });
    const key = { key: privateKey, dsaEncoding: 'ieee-p1363' } as const;
    const signature = sign('sha256', Buffer.from(`${header}.${claims}`), key).toString('base64url');
    ClientSecretPost(`${header}.${claims}.${signature}`)(as, client, body, headers);
  };
}

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}

/** Comes through the browser and is signed by nobody: good enough for a name, for nothing else. */
function nameInAnswer(answer: URLSearchParams): string | undefined {
  try {
    const { name } = JSON.parse(answer.get('user') ?? '{}') as { name?: { firstName?: unknown; lastName?: unknown } };
    return [name?.firstName, name?.lastName].filter((part) => typeof part === 'string').join(' ');
  } catch {
    return undefined;
  }
}
