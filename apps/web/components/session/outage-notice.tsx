'use client';
import { Button } from '@alva/ui';
import { useEffect, useEffectEvent, useState } from 'react';
import { NoticePage } from './notice-page.tsx';

const secondsBetweenTries = 10;

/** Sign-in cannot be reached. The session is most likely fine, and the page says so and keeps trying. */
export function OutageNotice({ onRetry }: { onRetry: () => Promise<void> }) {
  const [trying, setTrying] = useState(false);
  const retry = useEffectEvent(onRetry);
  useEffect(() => {
    const timer = setInterval(() => void retry(), secondsBetweenTries * 1000);
    return () => clearInterval(timer);
  }, []);
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
