'use client';
import { Button, Field, Input } from '@alva/ui';
import { type AskingBrowser } from '@alva/validation';
import { useState, type SubmitEvent } from 'react';
import { formatAgo, formatCountry, formatMoment } from '../../lib/format.ts';
import { problemCode, tell, type Told } from '../../lib/problems.ts';
import { ProblemCallout } from '../problem-callout.tsx';
import { useServices } from '../providers/services-provider.tsx';
import { isDeadLink } from './dead-link.tsx';
import { SignInCard } from './sign-in-card.tsx';

interface OtherBrowserProps {
  token: string;
  asked: AskingBrowser;
  /** Signing in here is under way. */
  pending: boolean;
  problem: Told | undefined;
  onSignInHere: () => void;
  onApproved: () => void;
  onDead: (code: string) => void;
}

/** The link was asked for in another browser: who that was, and which of the two shall be signed in. */
export function OtherBrowser({ token, asked, pending, problem, onSignInHere, onApproved, onDead }: OtherBrowserProps) {
  return (
    <SignInCard
      title="Where do you want to sign in?"
      takeFocus
      lead={
        <p>This link was asked for in another browser. If that was not you, close this page: nothing has happened.</p>
      }
    >
      <div className="grid gap-7">
        <WhoAsked asked={asked} />
        <ApproveByNumber attemptId={asked.attemptId} token={token} onApproved={onApproved} onDead={onDead} />
        <section aria-labelledby="sign-in-here" className="grid gap-3 border-t border-line pt-5">
          <h2 id="sign-in-here" className="font-medium text-ink">
            Or in this browser
          </h2>
          <ProblemCallout problem={problem} />
          <Button variant="secondary" size="lg" block pending={pending} onClick={onSignInHere}>
            Sign in here
          </Button>
        </section>
      </div>
    </SignInCard>
  );
}

function WhoAsked({ asked: { email, device, country, requestedAt } }: { asked: AskingBrowser }) {
  const facts = [
    ['Account', email],
    ['Asked with', device],
    ['From', country === null ? 'an unknown place' : `${formatCountry(country)}, roughly`],
    ['When', `${formatAgo(requestedAt)} (${formatMoment(requestedAt)})`],
  ] as const;
  return (
    <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1.5 rounded-lg border border-line bg-sunken p-4 text-sm">
      {facts.map(([name, value]) => (
        <div key={name} className="contents">
          <dt className="text-muted">{name}</dt>
          <dd className="min-w-0 wrap-anywhere text-ink">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

interface ApproveByNumberProps {
  attemptId: string;
  token: string;
  onApproved: () => void;
  onDead: (code: string) => void;
}

function ApproveByNumber({ attemptId, token, onApproved, onDead }: ApproveByNumberProps) {
  const { session } = useServices();
  const [number, setNumber] = useState('');
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<string>();

  async function submit(event: SubmitEvent<HTMLFormElement>) {
    event.preventDefault();
    const input = event.currentTarget.querySelector('input');
    if (!/^\d{2}$/.test(number)) {
      setError('Type the two digits that the other browser shows.');
      input?.focus();
      return;
    }
    setPending(true);
    setError(undefined);
    try {
      await session.approveAttempt(attemptId, { token, number });
      onApproved();
    } catch (problem) {
      setPending(false);
      const code = problemCode(problem) ?? '';
      if (isDeadLink(code)) {
        onDead(code);
        return;
      }
      setNumber('');
      setError(code === 'number-invalid' ? 'The other browser shows another number.' : explain(problem));
      input?.focus();
    }
  }

  return (
    <form noValidate className="grid gap-3" onSubmit={(event) => void submit(event)}>
      <Field
        label="Number shown in the other browser"
        hint="Only type a number you can see yourself. If somebody gave it to you, close this page."
        error={error}
      >
        {(control) => (
          <Input
            {...control}
            name="number"
            inputMode="numeric"
            autoComplete="off"
            maxLength={2}
            placeholder="00"
            value={number}
            readOnly={pending}
            onChange={(event) => setNumber(event.target.value.replace(/\D/g, ''))}
            className="tabular w-24 text-center text-xl sm:text-xl"
          />
        )}
      </Field>
      <Button type="submit" size="lg" block pending={pending}>
        Approve the other browser
      </Button>
    </form>
  );
}

function explain(problem: unknown): string {
  const { title, detail } = tell(problem);
  return `${title}. ${detail}`;
}

export function Approved() {
  return (
    <SignInCard
      title="You approved the other browser"
      takeFocus
      lead={<p>It signs in by itself within a few seconds. You can close this page.</p>}
    />
  );
}
