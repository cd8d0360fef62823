import { isLoopback, variable } from '@alva/service-kit';
import { z } from 'zod';
import { parsed } from '../parsed.ts';
import { readPrivateKey } from '../tokens/key-pair.ts';

const secret = true;
const text = () => z.string().trim().optional();

/** Who else can sign people in. A provider is offered once its variables are set; see docs/operations/sign-in-providers.md. */
export const providerVariables = {
  GOOGLE_CLIENT_ID: variable(text(), 'Sign-in with Google: id of the OAuth client', {
    example: '123-abc.apps.googleusercontent.com',
  }),
  GOOGLE_CLIENT_SECRET: variable(text(), 'Its secret', { secret, example: 'GOCSPX-123' }),
  GITHUB_CLIENT_ID: variable(text(), 'Sign-in with GitHub: id of the OAuth app', { example: 'Iv1.123' }),
  GITHUB_CLIENT_SECRET: variable(text(), 'Its secret', { secret, example: '0123456789abcdef' }),
  APPLE_CLIENT_ID: variable(text(), 'Sign-in with Apple: the Services ID', { example: 'com.example.app.signin' }),
  APPLE_CLIENT_SECRET: variable(text(), 'A client secret made elsewhere; expires within six months', {
    secret,
    example: 'eyJhbGciOiJFUzI1NiJ9.e30.c2ln',
  }),
  // No examples: every value proposed together has to make a configuration, and a secret is proposed already.
  APPLE_TEAM_ID: variable(text(), 'Instead of a secret: the team whose key makes one each time, ten characters'),
  APPLE_KEY_ID: variable(text(), 'Id of that key, ten characters'),
  APPLE_PRIVATE_KEY: variable(
    parsed(readPrivateKey).optional(),
    'That key, the content of the .p8 file; APPLE_PRIVATE_KEY_FILE may name it',
    {
      secret,
    },
  ),
  OIDC_ISSUER_URL: variable(issuerUrl().optional(), 'Sign-in with any OpenID provider: its issuer', {
    example: 'https://id.example.com/realms/staff',
  }),
  OIDC_CLIENT_ID: variable(text(), 'Id of the client there', { example: 'alva' }),
  OIDC_CLIENT_SECRET: variable(text(), 'Its secret', { secret, example: 'change-me' }),
  OIDC_SCOPES: variable(
    z
      .string()
      .prefault('openid email profile')
      .refine((scopes) => scopes.split(' ').includes('openid'), 'must contain openid'),
    'What is asked for, separated by spaces',
  ),
  OIDC_LABEL: variable(z.string().trim().min(1).max(40).prefault('Single sign-on'), 'What the button calls it', {
    example: 'Example ID',
  }),
  OIDC_TRUST_EMAIL: variable(
    z.enum(['true', 'false'], { error: 'must be true or false' }).prefault('false'),
    'true lets an address that it calls verified find or make an account; it can then sign in as anybody',
  ),
};

type Variables = z.output<z.ZodObject<typeof providerVariables>>;
export type ProviderVariable = keyof Variables;

const companions: ProviderVariable[][] = [
  ['GOOGLE_CLIENT_ID', 'GOOGLE_CLIENT_SECRET'],
  ['GITHUB_CLIENT_ID', 'GITHUB_CLIENT_SECRET'],
  ['OIDC_ISSUER_URL', 'OIDC_CLIENT_ID', 'OIDC_CLIENT_SECRET'],
];
const appleTeam = ['APPLE_TEAM_ID', 'APPLE_KEY_ID', 'APPLE_PRIVATE_KEY'] as const;

/** For `superRefine`: half a provider would only show when somebody wants to sign in with it. */
export function refuseHalfProviders(config: Variables, context: z.RefinementCtx): void {
  const refuse = (name: ProviderVariable, message: string) =>
    context.addIssue({ code: 'custom', path: [name], message });
  const completeOrNone = (names: readonly ProviderVariable[]) => {
    const given = names.find((name) => config[name] !== undefined);
    if (given === undefined) return;
    for (const name of names) if (config[name] === undefined) refuse(name, `must be set where ${given} is`);
  };
  companions.forEach(completeOrNone);

  const { APPLE_CLIENT_ID: apple, APPLE_CLIENT_SECRET: appleSecret } = config;
  const teamPart = appleTeam.find((name) => config[name] !== undefined);
  if (appleSecret !== undefined && teamPart) refuse(teamPart, 'must not be set where APPLE_CLIENT_SECRET is');
  else if (teamPart) completeOrNone(['APPLE_CLIENT_ID', ...appleTeam]);
  else if (apple !== undefined && appleSecret === undefined)
    refuse(
      'APPLE_CLIENT_SECRET',
      'or APPLE_TEAM_ID, APPLE_KEY_ID and APPLE_PRIVATE_KEY must be set where APPLE_CLIENT_ID is',
    );
  else completeOrNone(['APPLE_CLIENT_SECRET', 'APPLE_CLIENT_ID']);
}

/** An issuer identifier (OpenID Connect Discovery, section 3) as the provider spells it, for nothing is found under another. */
function issuerUrl() {
  return z.string().transform((value, context) => {
    const url = URL.parse(value.trim());
    const isBare = url && url.search === '' && url.hash === '' && url.username === '' && url.password === '';
    if (isBare && (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.origin))))
      return value.trim();
    context.addIssue({
      code: 'custom',
      message: 'must be an https URL without query, as the provider names its issuer',
    });
    return z.NEVER;
  });
}
