'use client';
import { Button } from '@alva/ui';
import { ServiceProblem } from '@alva/api-client';
import { askingBrowser, isLocalPath, type AskingBrowser } from '@alva/validation';
import { useRouter } from 'next/navigation';
import { useEffect, useState } from 'react';
import { problemCode, tell, type Told } from '../../lib/problems.ts';
import { ProblemCallout } from '../problem-callout.tsx';
import { useServices } from '../providers/services-provider.tsx';
import { forgetAttempt, recallAttempt } from './attempt.ts';
import { DeadLink, isDeadLink } from './dead-link.tsx';
import { Approved, OtherBrowser } from './other-browser.tsx';
import { SignInCard } from './sign-in-card.tsx';
import { useLinkToken } from './use-link-token.ts';
import { type Wanted } from './use-send-link.ts';

type Phase =
  | { name: 'ready' }
  | { name: 'other-browser'; asked: AskingBrowser }
  | { name: 'approved' }
  | { name: 'dead'; code: string };

/**
 * Where the mail's link leads. Opening it does nothing but show this page: mail scanners open links too, some even
 * with scripts, so only the press of a button spends the token. Until auth has said whose link it is, it names nobody: the attempt kept
 * in this browser need not be the link's own, and a stranger's link must not read like one's own address.
 */
export function VerifyLink() {
  const { session } = useServices();
  const router = useRouter();
  const token = useLinkToken();
  const [phase, setPhase] = useState<Phase>({ name: 'ready' });
  // Undefined while it is being recalled.
  const [attempt, setAttempt] = useState<Wanted | null>();
  const [pending, setPending] = useState(false);
  const [problem, setProblem] = useState<Told>();

  useEffect(() => {
    void recallAttempt().then(setAttempt);
  }, []);

  async function redeem(confirm: boolean) {
    if (!token) return;
    setPending(true);
    setProblem(undefined);
    try {
      const { redirectTo } = await session.verifyMagicLink({ token, ...(confirm && { confirm: 'here' as const }) });
      await forgetAttempt();
      router.replace(redirectTo !== null && isLocalPath(redirectTo) ? redirectTo : '/plans');
    } catch (error) {
      const code = problemCode(error) ?? '';
      const asked = code === 'different-browser' ? readAskingBrowser(error) : undefined;
      if (asked) setPhase({ name: 'other-browser', asked });
      else if (isDeadLink(code)) die(code);
      else setProblem(tell(error));
      setPending(false);
    }
  }

  function die(code: string) {
    // In another browser the address is known by now, and can be sent a new link.
    if (phase.name === 'other-browser') setAttempt({ email: phase.asked.email, next: '/plans', registers: false });
    setPhase({ name: 'dead', code });
  }

  const reading = token === undefined || attempt === undefined;
  const dead = token === null ? 'link-incomplete' : phase.name === 'dead' ? phase.code : undefined;
  if (!reading && dead !== undefined) return <DeadLink code={dead} attempt={attempt} />;
  if (phase.name === 'approved') return <Approved />;
  if (phase.name === 'other-browser' && token) {
    return (
      <OtherBrowser
        token={token}
        asked={phase.asked}
        pending={pending}
        problem={problem}
        onSignInHere={() => void redeem(true)}
        onApproved={() => setPhase({ name: 'approved' })}
        onDead={die}
      />
    );
  }
  return (
    <SignInCard
      title="One click to sign in"
      lead={<p>You followed a sign-in link for Alva. Press the button to finish signing in. The link works once.</p>}
    >
      <div className="grid gap-4">
        <ProblemCallout problem={problem} />
        <Button size="lg" block pending={pending} disabled={reading} onClick={() => void redeem(false)}>
          Sign in
        </Button>
      </div>
    </SignInCard>
  );
}

function readAskingBrowser(error: unknown): AskingBrowser | undefined {
  return error instanceof ServiceProblem ? askingBrowser.safeParse(error.extensions).data : undefined;
}
