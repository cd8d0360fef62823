import { z } from 'zod';
import { identifier, line, timestamp } from './primitives.ts';

/** Base64url of binary data that a browser passes on. */
const base64url = (maximumLength: number) =>
  z
    .string()
    .max(maximumLength)
    .regex(/^[A-Za-z0-9_-]*$/, 'must be base64url');

/** What browsers name besides is not needed here and, being theirs to extend, not refused either. */
const credential = {
  id: base64url(1400),
  rawId: base64url(1400),
  type: z.literal('public-key'),
  authenticatorAttachment: z.string().max(40).nullish(),
  clientExtensionResults: z.record(z.string().max(60), z.unknown()),
};

/** `PublicKeyCredential.toJSON()` of a new passkey (WebAuthn level 3, section 5.1): `RegistrationResponseJSON`. */
export const passkeyRegistration = z.strictObject({
  ...credential,
  response: z.object({
    clientDataJSON: base64url(4096),
    attestationObject: base64url(16_384),
    transports: z.array(z.string().max(40)).max(10).optional(),
  }),
});

/** The same of a passkey that signed: `AuthenticationResponseJSON`. */
export const passkeyAssertion = z.strictObject({
  ...credential,
  response: z.object({
    clientDataJSON: base64url(4096),
    authenticatorData: base64url(4096),
    signature: base64url(2048),
    userHandle: base64url(88).nullish(),
  }),
});
export type PasskeyAssertion = z.infer<typeof passkeyAssertion>;

const passkeyName = line(60);

export const addPasskeyBody = z.strictObject({
  credential: passkeyRegistration,
  name: passkeyName.optional().describe('How to call it; guessed from its maker when absent'),
});
export type AddPasskeyBody = z.infer<typeof addPasskeyBody>;

export const renamePasskeyBody = z.strictObject({ name: passkeyName });

export const passkeySignInBody = z.strictObject({ credential: passkeyAssertion });

export const passkey = z
  .object({
    id: identifier,
    name: z.string(),
    synced: z.boolean().describe('Also on other devices of the person'),
    createdAt: timestamp,
    lastUsedAt: timestamp.nullable(),
  })
  .meta({ id: 'Passkey' });
export type Passkey = z.infer<typeof passkey>;

export const passkeyList = z.object({ items: z.array(passkey) });

/** For `navigator.credentials`, by way of `parseCreationOptionsFromJSON` or `parseRequestOptionsFromJSON`. */
export const passkeyOptions = z.looseObject({ challenge: z.string() });
export type PasskeyOptions = z.infer<typeof passkeyOptions>;
