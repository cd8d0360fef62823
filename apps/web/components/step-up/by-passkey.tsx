'use client';
import { Button } from '@alva/ui';
import { Fingerprint } from 'lucide-react';
import { showPasskey } from '../../lib/passkeys.ts';
import { ProblemCallout } from '../problem-callout.tsx';
import { useServices } from '../providers/services-provider.tsx';
import { failed, useShow, type WayProps } from './use-show.ts';

export function ByPasskey({ onDone }: WayProps) {
  const { session } = useServices();
  const { show, pending, wrong, problem } = useShow(onDone);
  return (
    <div className="grid gap-4">
      <ProblemCallout problem={wrong ? { title: failed, detail: 'Try once more, or another way.' } : problem} />
      <Button
        size="lg"
        block
        pending={pending}
        autoFocus
        onClick={() =>
          void show(async () => ({ passkey: await showPasskey(await session.security.stepUpPasskeyOptions()) }))
        }
      >
        <Fingerprint aria-hidden="true" /> Use a passkey
      </Button>
    </div>
  );
}
