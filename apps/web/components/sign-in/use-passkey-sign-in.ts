'use client';
import { browserSupportsWebAuthnAutofill, WebAuthnAbortService } from '@simplewebauthn/browser';
import { useCallback, useEffect, useState, useSyncExternalStore } from 'react';
import { PasskeyCancelled, showPasskey, supportsPasskeys } from '../../lib/passkeys.ts';
import { problemCode, tell, type Told } from '../../lib/problems.ts';
import { useServices } from '../providers/services-provider.tsx';

/** A challenge is good for five minutes; the field gets another one before. */
const autofillMilliseconds = 4.5 * 60_000;

/**
 * Signing in with a passkey: by `ask`, which opens the browser's dialog, and by the suggestions of a field on the page whose
 * `autocomplete` ends in `webauthn`. Success shows by the session. The dialog takes over from the suggestions, and they come
 * back after it; leaving the page ends both.
 */
export function usePasskeySignIn({ autofill = false } = {}) {
  const { session } = useServices();
  const [problem, setProblem] = useState<Told>();
  const [pending, setPending] = useState(false);
  const [dialog, setDialog] = useState(false);
  const [round, setRound] = useState(0);

  useEffect(() => {
    if (!autofill || dialog) return;
    const page = new AbortController();
    const again = () => setRound((count) => count + 1);
    const timer = setTimeout(again, autofillMilliseconds);

    async function offer(): Promise<void> {
      if (!(await browserSupportsWebAuthnAutofill())) return;
      const options = await session.passkeySignInOptions();
      if (page.signal.aborted) return;
      const assertion = await showPasskey(options, { inAutofill: true });
      setProblem(undefined);
      setPending(true);
      try {
        await session.signInWithPasskey(assertion);
      } catch (error) {
        setProblem(explain(error));
        setPending(false);
        again();
      }
    }

    // Nobody asked for anything yet: whoever does not choose a passkey is not bothered with what is amiss.
    offer().catch(() => undefined);
    return () => {
      page.abort();
      clearTimeout(timer);
      WebAuthnAbortService.cancelCeremony();
    };
  }, [autofill, dialog, round, session]);

  const ask = useCallback(async () => {
    setProblem(undefined);
    setPending(true);
    setDialog(true);
    try {
      await session.signInWithPasskey(await showPasskey(await session.passkeySignInOptions()));
    } catch (error) {
      if (!(error instanceof PasskeyCancelled)) setProblem(explain(error));
      setPending(false);
      setDialog(false);
    }
  }, [session]);

  return { ask, pending, problem };
}

const never = () => () => {};

/** Known in the browser only, so that the page is the same for all until it has come. */
export function usePasskeySupport(): boolean {
  return useSyncExternalStore(never, supportsPasskeys, () => false);
}

function explain(error: unknown): Told {
  const told = tell(error);
  const code = problemCode(error);
  if (code === 'passkey-invalid')
    return { ...told, title: 'This passkey does not work here', detail: 'It may have been removed. Use another way.' };
  if (code === 'challenge-unknown') return { ...told, title: 'That took too long', detail: 'Try once more.' };
  return told;
}
