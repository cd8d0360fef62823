'use client';
import { secretToken } from '@alva/validation';
import { useEffect, useRef, useState } from 'react';

/**
 * The token that a mailed link carries in its fragment, taken out of the address at once, so that history, screenshots and
 * extensions do not keep it. Undefined while it is being read, null when the link is not complete.
 */
export function useLinkToken(): string | null | undefined {
  const given = useRef<string>(null);
  const [token, setToken] = useState<string | null>();
  useEffect(() => {
    given.current ??= new URLSearchParams(location.hash.slice(1)).get('token');
    cleanAddress(history.state);
    const timer = setTimeout(() => {
      // Once more, now that the router listens: it read the address before we did and would write it back.
      cleanAddress(null);
      setToken(secretToken.safeParse(given.current).success ? given.current : null);
    });
    return () => clearTimeout(timer);
  }, []);
  return token;
}

function cleanAddress(state: unknown): void {
  history.replaceState(state, '', location.pathname);
}
