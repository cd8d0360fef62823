'use client';
import { Button, buttonStyles } from '@alva/ui';
import Link from 'next/link';
import { useState, type ReactNode } from 'react';
import { problemCode, tell, type Told } from '../../lib/problems.ts';
import { ProblemCallout } from '../problem-callout.tsx';
import { SignInCard } from '../sign-in/sign-in-card.tsx';
import { useLinkToken } from '../sign-in/use-link-token.ts';

/** What is shown once the link has done what it is for. */
export interface Outcome {
  title: string;
  lead: ReactNode;
  next?: { label: string; href: string };
}

interface LinkPageProps {
  title: string;
  lead: ReactNode;
  button: string;
  act: (token: string) => Promise<Outcome>;
}

/** Where a mailed link leads: opening it does nothing, because scanners open links too. The press of the button does. */
export function LinkPage({ title, lead, button, act }: LinkPageProps) {
  const token = useLinkToken();
  const [outcome, setOutcome] = useState<Outcome>();
  const [pending, setPending] = useState(false);
  const [problem, setProblem] = useState<Told>();

  async function press() {
    if (!token) return;
    setPending(true);
    setProblem(undefined);
    try {
      setOutcome(await act(token));
    } catch (error) {
      const dead = deadLinks[problemCode(error) ?? ''];
      if (dead) setOutcome(dead);
      else setProblem(tell(error));
    } finally {
      setPending(false);
    }
  }

  const shown = token === null ? incomplete : outcome;
  if (shown !== undefined) {
    const { label, href } = shown.next ?? { label: 'Go to Alva', href: '/' };
    return (
      <SignInCard title={shown.title} lead={shown.lead} takeFocus>
        <Link href={href} className={buttonStyles({ size: 'lg', block: true })}>
          {label}
        </Link>
      </SignInCard>
    );
  }
  return (
    <SignInCard title={title} lead={lead}>
      <div className="grid gap-4">
        <ProblemCallout problem={problem} />
        <Button size="lg" block pending={pending} disabled={token === undefined} onClick={() => void press()}>
          {button}
        </Button>
      </div>
    </SignInCard>
  );
}

const incomplete: Outcome = {
  title: 'This link is not complete',
  lead: (
    <p>Part of it is missing, perhaps because the mail program broke it in two. Copy it from the mail as a whole.</p>
  ),
};

const deadLinks: Record<string, Outcome> = {
  'link-invalid': {
    title: 'This link is not valid any more',
    lead: <p>What it was for was cancelled, or something about the account changed since. Nothing has happened.</p>,
  },
  'link-expired': { title: 'This link has expired', lead: <p>Nothing has happened.</p> },
  'link-used': { title: 'This link was used already', lead: <p>What it was for is done.</p> },
  'link-superseded': {
    title: 'There is a newer link',
    lead: <p>It was asked for another time since. Only the newest mail works.</p>,
  },
  conflict: {
    title: 'The address belongs to another account',
    lead: <p>An address belongs to one account only, so nothing has happened. Sign in to the account that has it.</p>,
    next: { label: 'Sign in', href: '/sign-in' },
  },
};
