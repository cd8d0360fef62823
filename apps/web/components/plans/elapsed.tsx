'use client';
import { useEffect, useState } from 'react';
import { formatElapsed } from '../../lib/format.ts';

/** A running clock; silent for screen readers, which would read out every second. */
export function Elapsed({ since }: { since: string }) {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  return (
    <span role="timer" aria-live="off" aria-label="Elapsed time" className="text-sm text-subtle tabular">
      {formatElapsed(now - Date.parse(since))}
    </span>
  );
}
