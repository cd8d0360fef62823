import { useEffect, useRef, useState } from 'react';

/**
 * What auth says in the fragment when it leads the browser to a page; undefined until it was read. It is taken out of the
 * address, so that a reload or a bookmark does not tell it again.
 */
export function useFragment(): URLSearchParams | undefined {
  const taken = useRef<URLSearchParams>(null);
  const [told, setTold] = useState<URLSearchParams>();
  useEffect(() => {
    const found = (taken.current ??= new URLSearchParams(location.hash.slice(1)));
    const timer = setTimeout(() => {
      // Only now does the router listen: it read the address before we did and would write it back.
      if (found.size > 0) history.replaceState(null, '', location.pathname + location.search);
      setTold(found);
    });
    return () => clearTimeout(timer);
  }, []);
  return told;
}
