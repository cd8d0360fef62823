'use client';
import { Button } from '@alva/ui';
import { useState } from 'react';
import { NoticePage } from './notice-page.tsx';

/** Sign-in cannot be reached. The session is most likely fine, and the page says so; the auth client keeps trying. */
export function OutageNotice({ onRetry }: { onRetry: () => Promise<void> }) {
  const [trying, setTrying] = useState(false);
  return (
    <NoticePage
      eyebrow="Outage"
      title="We cannot reach sign-in right now"
      takeFocus
      actions={
        <Button
          pending={trying}
          onClick={() => {
            setTrying(true);
            void onRetry().finally(() => setTrying(false));
          }}
        >
          Try now
        </Button>
      }
    >
      <p>You have not been signed out. As soon as the service answers, this page comes back by itself.</p>
    </NoticePage>
  );
}
