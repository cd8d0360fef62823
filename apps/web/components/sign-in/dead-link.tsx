'use client';
import { Button, buttonStyles } from '@alva/ui';
import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { useEffect, useState } from 'react';
import { tell, type Told } from '../../lib/problems.ts';
import { hasSignedInHint } from '../../lib/signed-in-hint.ts';
import { ProblemCallout } from '../problem-callout.tsx';
import { useServices } from '../providers/services-provider.tsx';
import { useSession } from '../session/use-session.ts';
import { SignInCard } from './sign-in-card.tsx';
import { useSendLink, type Wanted } from './use-send-link.ts';

const words: Record<string, { title: string; detail: string }> = {
  'link-incomplete': {
    title: 'This link is not complete',
    detail: 'Part of it is missing, perhaps because the mail program broke it in two. A new one helps.',
  },
  'link-invalid': {
    title: 'This link is not valid',
    detail: 'It was changed on its way, or the address or password of the account changed since. A new one helps.',
  },
  'link-expired': { title: 'This link has expired', detail: 'For your safety, links work only for a short time.' },
  'link-used': {
    title: 'This link was used already',
    detail: 'Each link works once. If you used it in another tab or let another browser in, you are signed in there.',
  },
  'link-superseded': {
    title: 'There is a newer link',
    detail: 'You asked for another one since. Only the newest mail works.',
  },
  'account-disabled': { title: 'This account is disabled', detail: 'Ask whoever runs this installation about it.' },
};

export function isDeadLink(code: string): boolean {
  return code in words;
}

/** A link that leads nowhere any more: says why, and mails a new one on one click where the address is known. */
export function DeadLink({ code, attempt }: { code: string; attempt: Wanted | null }) {
  const sendLink = useSendLink();
  const { session } = useServices();
  const router = useRouter();
  const signedIn = useSession().status === 'signed-in';
  const [pending, setPending] = useState(false);
  const [problem, setProblem] = useState<Told>();

  useEffect(() => {
    // Often the link was used a moment ago in this very browser; then there is nothing to send.
    if (session.getState().status === 'restoring' && hasSignedInHint()) void session.restore();
  }, [session]);
  const { title, detail } = words[code] ?? { title: 'This link does not work', detail: '' };

  async function resend(wanted: Wanted) {
    setPending(true);
    try {
      await sendLink(wanted);
      router.push('/sign-in');
    } catch (error) {
      setProblem(tell(error));
      setPending(false);
    }
  }

  return (
    <SignInCard
      title={title}
      lead={
        <>
          <p>{detail}</p>
          {attempt !== null && !signedIn && (
            <p className="mt-2">
              We will send it to <strong className="font-medium wrap-anywhere text-ink">{attempt.email}</strong>.
            </p>
          )}
        </>
      }
      takeFocus
    >
      <div className="grid gap-4">
        <ProblemCallout problem={problem} />
        {signedIn ? (
          <Link href="/plans" className={buttonStyles({ size: 'lg', block: true })}>
            Go to your plans
          </Link>
        ) : attempt === null ? (
          <Link href="/sign-in" className={buttonStyles({ size: 'lg', block: true })}>
            Get a new link
          </Link>
        ) : (
          <Button size="lg" block pending={pending} onClick={() => void resend(attempt)}>
            Send a new link
          </Button>
        )}
      </div>
    </SignInCard>
  );
}
