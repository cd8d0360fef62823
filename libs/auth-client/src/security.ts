import type {
  AddPasskeyBody,
  Passkey,
  PasskeyOptions,
  RecoveryCodeList,
  SecondFactorState,
  StepUpBody,
  StepUpWay,
  TokenAnswer,
  TotpSetup,
} from '@alva/validation';

/** Asks auth as whoever is signed in. Rejects with `ServiceProblem` when the answer is not ok. */
export type AskAs = (path: string, init?: RequestInit) => Promise<Response>;

/**
 * What a person does about how they sign in. What decides who gets in rejects with 403 `step-up-required` when they signed in
 * too long ago; `stepUp` comes before another try then.
 */
export function createSecurity(askAs: AskAs, adopt: (ask: () => Promise<TokenAnswer>) => Promise<void>) {
  async function send<Answer>(method: string, path: string, body?: unknown): Promise<Answer> {
    const response = await askAs(path, {
      method,
      // Challenges for passkeys are kept in a cookie.
      credentials: 'include',
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    return (response.status === 204 ? undefined : await response.json()) as Answer;
  }

  return {
    listPasskeys: async () => (await send<{ items: Passkey[] }>('GET', '/auth/passkeys')).items,
    passkeyRegistrationOptions: () => send<PasskeyOptions>('POST', '/auth/passkeys/registration-options'),
    addPasskey: (body: AddPasskeyBody) => send<Passkey>('POST', '/auth/passkeys', body),
    renamePasskey: (id: string, name: string) => send<Passkey>('PATCH', `/auth/passkeys/${id}`, { name }),
    /** 409 `last-way-in`. */
    removePasskey: (id: string) => send<undefined>('DELETE', `/auth/passkeys/${id}`),

    readSecondFactor: () => send<SecondFactorState>('GET', '/auth/mfa'),
    proposeTotp: () => send<TotpSetup>('POST', '/auth/mfa/totp'),
    /** 422 at `#/code`. */
    confirmTotp: (code: string) => send<RecoveryCodeList>('POST', '/auth/mfa/totp/confirm', { code }),
    switchOffTotp: () => send<undefined>('DELETE', '/auth/mfa/totp'),
    renewRecoveryCodes: () => send<RecoveryCodeList>('POST', '/auth/mfa/recovery-codes'),

    /** By what this person can show who they are, the best first. */
    stepUpWays: async () => (await send<{ ways: StepUpWay[] }>('GET', '/auth/step-up')).ways,
    mailStepUpCode: () => send<{ expiresIn: number; resendAfter: number }>('POST', '/auth/step-up/mail'),
    stepUpPasskeyOptions: () => send<PasskeyOptions>('POST', '/auth/step-up/passkey-options'),
    /** From now on, and for ten minutes, nothing asks for it any more. 403 `step-up-failed`. */
    stepUp: (body: StepUpBody): Promise<void> => adopt(() => send<TokenAnswer>('POST', '/auth/step-up', body)),
  };
}
