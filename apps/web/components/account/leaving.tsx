'use client';
import { buttonStyles } from '@alva/ui';
import Link from 'next/link';
import { useEffect } from 'react';
import { formatDate } from '../../lib/format.ts';
import { hasSignedInHint, rememberSignedIn } from '../../lib/signed-in-hint.ts';
import { useFragment } from '../../lib/use-fragment.ts';
import { useServices } from '../providers/services-provider.tsx';
import { NoticePage } from '../session/notice-page.tsx';

/** Where the deletion of an account leads, with its day in the fragment. Others come by the address alone. */
export function Leaving() {
  const fragment = useFragment();
  if (fragment === undefined) return null;
  const on = fragment.get('on');
  return on === null ? <NotLeaving /> : <Left on={on} />;
}

function NotLeaving() {
  const signedIn = hasSignedInHint();
  return (
    <NoticePage
      title="Deleting an account"
      actions={
        <Link href={signedIn ? '/settings/account' : '/'} className={buttonStyles()}>
          {signedIn ? 'Go to the settings' : 'Go to the start page'}
        </Link>
      }
    >
      <p>
        An account is deleted in its settings. If you have done so already, the mail we sent you says until when you can
        keep it.
      </p>
    </NoticePage>
  );
}

/** What somebody sees who has just deleted their account. */
function Left({ on }: { on: string }) {
  const { session } = useServices();
  useEffect(() => {
    rememberSignedIn(false);
    // Other tabs learn of it now, not with their next request.
    if (session.getState().status === 'signed-in') void session.restore();
  }, [session]);
  const day = !Number.isNaN(Date.parse(on)) ? formatDate(on) : 'its last day';
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
