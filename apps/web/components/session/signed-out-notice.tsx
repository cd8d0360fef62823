'use client';
import { buttonStyles } from '@alva/ui';
import Link from 'next/link';
import { NoticePage } from './notice-page.tsx';

const words = {
  none: { title: 'You are signed out', detail: 'Sign in to go on where you were.' },
  here: { title: 'You are signed out', detail: 'See you soon. Plans that are being written are finished meanwhile.' },
  everywhere: {
    title: 'You are signed out everywhere',
    detail: 'See you soon. Plans that were being written from other devices have stopped.',
  },
  elsewhere: {
    title: 'You signed out in another tab',
    detail: 'So this one is signed out too. Answers you were writing are kept on this device.',
  },
  ended: {
    title: 'Your session has ended',
    detail: 'It was ended from elsewhere or ran out. Answers you were writing are kept on this device.',
  },
};

export function SignedOutNotice({ reason, returnTo }: { reason: keyof typeof words; returnTo: string }) {
  const next = reason === 'here' || reason === 'everywhere' ? '/plans' : returnTo;
  return (
    <NoticePage
      title={words[reason].title}
      takeFocus
      actions={
        <Link href={`/sign-in?next=${encodeURIComponent(next)}`} className={buttonStyles()}>
          Sign in again
        </Link>
      }
    >
      <p>{words[reason].detail}</p>
    </NoticePage>
  );
}
