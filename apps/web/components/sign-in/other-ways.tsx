'use client';
import { Button } from '@alva/ui';
import { Fingerprint, KeyRound } from 'lucide-react';
import { ProviderButtons } from './provider-buttons.tsx';
import { usePasskeySupport } from './use-passkey-sign-in.ts';

interface OtherWaysProps {
  next: string;
  onPassword: () => void;
  onPasskey: () => void;
  passkeyPending: boolean;
}

/** Ways in besides the mailed link, below it: nobody needs them to get in. */
export function OtherWays({ next, onPassword, onPasskey, passkeyPending }: OtherWaysProps) {
  const supportsPasskeys = usePasskeySupport();
  return (
    <div className="mt-6 grid grid-cols-[minmax(0,1fr)] gap-3">
      <p className="mb-2 flex items-center gap-3 text-sm text-subtle before:h-px before:flex-1 before:bg-line after:h-px after:flex-1 after:bg-line">
        Or
      </p>
      <ProviderButtons next={next} />
      {supportsPasskeys && (
        <Button variant="secondary" size="lg" block pending={passkeyPending} onClick={onPasskey}>
          <Fingerprint aria-hidden="true" /> Use a passkey
        </Button>
      )}
      <Button variant="secondary" size="lg" block onClick={onPassword}>
        <KeyRound aria-hidden="true" /> Use a password
      </Button>
    </div>
  );
}
