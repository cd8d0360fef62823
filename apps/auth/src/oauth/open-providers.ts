import { type Config } from '../config.ts';
import { createAppleProvider, type AppleCredentials } from './apple-provider.ts';
import { createGithubProvider } from './github-provider.ts';
import { byClientSecret, createOidcProvider } from './oidc-provider.ts';
import { type Provider, type Providers } from './provider.ts';

/** Those that the configuration names. Nothing is asked of them before somebody wants to sign in. */
export function openProviders(config: Config): Providers {
  const offered = [google(config), github(config), apple(config), anyIssuer(config)];
  return new Map(offered.flatMap((provider) => (provider ? [[provider.name, provider]] : [])));
}

function google({ GOOGLE_CLIENT_ID: clientId, GOOGLE_CLIENT_SECRET: secret, AUTH_URL }: Config): Provider | undefined {
  if (clientId === undefined || secret === undefined) return undefined;
  return createOidcProvider({
    ...{ name: 'google', label: 'Google', issuer: 'https://accounts.google.com', clientId },
    clientAuth: byClientSecret(secret),
    scopes: 'openid email profile',
    redirectUri: callback(AUTH_URL, 'google'),
    isBelievedOnAddresses: true,
  });
}

function github({ GITHUB_CLIENT_ID: clientId, GITHUB_CLIENT_SECRET: clientSecret, AUTH_URL }: Config) {
  if (clientId === undefined || clientSecret === undefined) return undefined;
  return createGithubProvider({ clientId, clientSecret, redirectUri: callback(AUTH_URL, 'github') });
}

function apple(config: Config): Provider | undefined {
  const credentials = appleCredentials(config);
  if (config.APPLE_CLIENT_ID === undefined || !credentials) return undefined;
  const redirectUri = callback(config.AUTH_URL, 'apple');
  return createAppleProvider({ clientId: config.APPLE_CLIENT_ID, credentials, redirectUri });
}

function appleCredentials(config: Config): AppleCredentials | undefined {
  const {
    APPLE_CLIENT_SECRET: secret,
    APPLE_TEAM_ID: teamId,
    APPLE_KEY_ID: keyId,
    APPLE_PRIVATE_KEY: privateKey,
  } = config;
  if (secret !== undefined) return { secret };
  return teamId !== undefined && keyId !== undefined && privateKey ? { teamId, keyId, privateKey } : undefined;
}

function anyIssuer(config: Config): Provider | undefined {
  const { OIDC_ISSUER_URL: issuer, OIDC_CLIENT_ID: clientId, OIDC_CLIENT_SECRET: secret } = config;
  if (issuer === undefined || clientId === undefined || secret === undefined) return undefined;
  return createOidcProvider({
    ...{ name: 'oidc', label: config.OIDC_LABEL, issuer, clientId, scopes: config.OIDC_SCOPES },
    clientAuth: byClientSecret(secret),
    redirectUri: callback(config.AUTH_URL, 'oidc'),
    isBelievedOnAddresses: config.OIDC_TRUST_EMAIL === 'true',
  });
}

/** What has to be entered at the provider. */
function callback(authUrl: string, name: Provider['name']): string {
  return `${authUrl}/auth/oauth/${name}/callback`;
}
