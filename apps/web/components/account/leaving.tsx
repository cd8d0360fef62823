'use client';
import { useEffect } from 'react';
import { formatDate } from '../../lib/format.ts';
import { rememberSignedIn } from '../../lib/signed-in-hint.ts';
import { useFragment } from '../../lib/use-fragment.ts';
import { useServices } from '../providers/services-provider.tsx';
import { NoticePage } from '../session/notice-page.tsx';

/** What somebody sees who has just deleted their account. */
export function Leaving() {
  const { session } = useServices();
  const on = useFragment()?.get('on') ?? null;
  useEffect(() => {
    rememberSignedIn(false);
    // Other tabs learn of it now, not with their next request.
    if (session.getState().status === 'signed-in') void session.restore();
  }, [session]);
  const day = on !== null && !Number.isNaN(Date.parse(on)) ? formatDate(on) : 'its last day';
  return (
    <NoticePage title="Your account will be deleted" takeFocus>
      <p>
        You are signed out everywhere. Until {day} you can still keep it: sign in and say so, or open the link in the
        mail that we sent you.
      </p>
      <p>After that everything is gone, and nobody can bring it back.</p>
    </NoticePage>
  );
}
