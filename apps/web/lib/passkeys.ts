import { browserSupportsWebAuthn, startAuthentication, startRegistration } from '@simplewebauthn/browser';
import { type AddPasskeyBody, type PasskeyAssertion, type PasskeyOptions } from '@alva/validation';

type CreationOptions = Parameters<typeof startRegistration>[0]['optionsJSON'];

/** The person closed the browser's dialog, or let its time run out: nothing to tell them about. */
export class PasskeyCancelled extends Error {
  override readonly name = 'PasskeyCancelled';
}

/** The device has a passkey of this account already. */
export class PasskeyKnown extends Error {
  override readonly name = 'PasskeyKnown';
}

export const supportsPasskeys = browserSupportsWebAuthn;

/** Has the browser make a passkey. Rejects with `PasskeyCancelled` and `PasskeyKnown`. */
export async function createPasskey(options: PasskeyOptions): Promise<AddPasskeyBody['credential']> {
  try {
    const { authenticatorAttachment, ...made } = await startRegistration({
      optionsJSON: options as unknown as CreationOptions,
    });
    const { clientDataJSON, attestationObject, transports } = made.response;
    const response = { clientDataJSON, attestationObject, ...(transports && { transports }) };
    return { ...made, ...shared(made), response, authenticatorAttachment: authenticatorAttachment ?? null };
  } catch (error) {
    if (isNamed(error, 'InvalidStateError')) throw new PasskeyKnown();
    throw readFailure(error);
  }
}

/** Has the browser show a passkey, by a dialog or, `inAutofill`, among the suggestions of a field. */
export async function showPasskey(options: PasskeyOptions, { inAutofill = false } = {}): Promise<PasskeyAssertion> {
  try {
    const { authenticatorAttachment, ...shown } = await startAuthentication({
      optionsJSON: options,
      useBrowserAutofill: inAutofill,
    });
    const { clientDataJSON, authenticatorData, signature, userHandle } = shown.response;
    const response = { clientDataJSON, authenticatorData, signature, userHandle: userHandle ?? null };
    return { ...shown, ...shared(shown), response, authenticatorAttachment: authenticatorAttachment ?? null };
  } catch (error) {
    throw readFailure(error);
  }
}

/** What the service reads besides: extensions of a browser are not for it. */
function shared({ id, rawId }: { id: string; rawId: string }) {
  return { id, rawId, type: 'public-key' as const, clientExtensionResults: {} };
}

function readFailure(error: unknown): unknown {
  return isNamed(error, 'NotAllowedError') || isNamed(error, 'AbortError') ? new PasskeyCancelled() : error;
}

function isNamed(error: unknown, name: string): boolean {
  return error instanceof Error && error.name === name;
}
