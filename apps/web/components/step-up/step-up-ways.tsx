'use client';
import { Button, CodeField, Field, PasswordInput } from '@alva/ui';
import { recoveryCode, type StepUpBody } from '@alva/validation';
import { Fingerprint } from 'lucide-react';
import { useState, type SubmitEvent } from 'react';
import { PasskeyCancelled, showPasskey } from '../../lib/passkeys.ts';
import { problemCode, tell, type Told } from '../../lib/problems.ts';
import { ProblemCallout } from '../problem-callout.tsx';
import { RecoveryCodeField } from '../sign-in/recovery-code-field.tsx';
import { useCountdown } from '../sign-in/use-countdown.ts';
import { useServices } from '../providers/services-provider.tsx';
import { useUser } from '../session/use-session.ts';

interface WayProps {
  onDone: () => void;
}

const failed = { title: 'That did not work', requestId: undefined };

/** Shows one thing, and says what came of it: `wrong` is for the field, `problem` for everything else. */
function useShow(onDone: () => void) {
  const { session } = useServices();
  const [pending, setPending] = useState(false);
  const [wrong, setWrong] = useState(false);
  const [problem, setProblem] = useState<Told>();

  async function show(prepare: () => Promise<StepUpBody> | StepUpBody) {
    setPending(true);
    setWrong(false);
    setProblem(undefined);
    try {
      await session.security.stepUp(await prepare());
      onDone();
    } catch (error) {
      const told = tell(error);
      if (problemCode(error) === 'step-up-failed') {
        if (told.detail === '') setWrong(true);
        else setProblem({ ...told, title: failed.title });
      } else if (!(error instanceof PasskeyCancelled)) setProblem(told);
      setPending(false);
    }
  }
  return { show, pending, wrong, setWrong, problem };
}

export function ByPasskey({ onDone }: WayProps) {
  const { session } = useServices();
  const { show, pending, wrong, problem } = useShow(onDone);
  return (
    <div className="grid gap-4">
      <ProblemCallout problem={wrong ? { ...failed, detail: 'Try once more, or another way.' } : problem} />
      <Button
        size="lg"
        block
        pending={pending}
        autoFocus
        onClick={() =>
          void show(async () => ({ passkey: await showPasskey(await session.security.stepUpPasskeyOptions()) }))
        }
      >
        <Fingerprint aria-hidden="true" /> Use a passkey
      </Button>
    </div>
  );
}

export function ByAppCode({ onDone }: WayProps) {
  const { show, pending, wrong, problem } = useShow(onDone);
  return (
    <CodeForm
      label="Code from your authenticator app"
      digits
      pending={pending}
      wrong={wrong && 'This code is not right, or was used already. Wait for the next one.'}
      problem={problem}
      onComplete={(code) => void show(() => ({ code }))}
    />
  );
}

export function ByMailedCode({ onDone }: WayProps) {
  const { session } = useServices();
  const user = useUser();
  const { show, pending, wrong, problem } = useShow(onDone);
  const [sent, setSent] = useState(false);
  const [resendAt, setResendAt] = useState(0);
  const seconds = useCountdown(resendAt);
  const [sending, setSending] = useState(false);
  const [refused, setRefused] = useState<Told>();

  async function send() {
    setSending(true);
    setRefused(undefined);
    try {
      const { resendAfter } = await session.security.mailStepUpCode();
      setResendAt(Date.now() + resendAfter * 1000);
      setSent(true);
    } catch (error) {
      setRefused(tell(error));
    } finally {
      setSending(false);
    }
  }

  return (
    <div className="grid gap-4">
      <ProblemCallout problem={refused} />
      {sent ? (
        <CodeForm
          label="Code from the mail"
          hint={`We sent it to ${user?.email ?? 'your address'}. It is good for ten minutes.`}
          pending={pending}
          wrong={wrong && 'This code is not right. After five wrong codes, send a new one.'}
          problem={problem}
          onComplete={(mailedCode) => void show(() => ({ mailedCode }))}
        />
      ) : (
        <p className="text-sm text-muted">
          We mail a code to <span className="font-medium wrap-anywhere text-ink">{user?.email}</span>.
        </p>
      )}
      <Button
        variant={sent ? 'secondary' : 'primary'}
        size={sent ? 'sm' : 'lg'}
        block={!sent}
        pending={sending}
        disabled={seconds > 0}
        className={sent ? 'tabular justify-self-start' : undefined}
        onClick={() => void send()}
      >
        {sent ? (seconds > 0 ? `Send another in ${seconds} s` : 'Send another') : 'Mail me a code'}
      </Button>
    </div>
  );
}

export function ByPassword({ onDone }: WayProps) {
  const user = useUser();
  const { show, pending, wrong, problem } = useShow(onDone);
  const [password, setPassword] = useState('');
  return (
    <form
      noValidate
      className="grid gap-4"
      onSubmit={(event: SubmitEvent<HTMLFormElement>) => {
        event.preventDefault();
        if (password !== '') void show(() => ({ password }));
      }}
    >
      {/* Not shown: it tells password managers which account this is. */}
      <input type="text" name="username" autoComplete="username" value={user?.email ?? ''} readOnly hidden />
      <Field label="Password" error={wrong ? 'This is not your password.' : undefined}>
        {(control) => (
          <PasswordInput
            {...control}
            name="password"
            autoComplete="current-password"
            autoFocus
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
        )}
      </Field>
      <ProblemCallout problem={problem} />
      <Button type="submit" size="lg" block pending={pending}>
        Go on
      </Button>
    </form>
  );
}

export function ByRecoveryCode({ onDone }: WayProps) {
  const { show, pending, wrong, setWrong, problem } = useShow(onDone);
  const [code, setCode] = useState('');
  return (
    <form
      noValidate
      className="grid gap-4"
      onSubmit={(event: SubmitEvent<HTMLFormElement>) => {
        event.preventDefault();
        const { data } = recoveryCode.safeParse(code);
        if (data === undefined) setWrong(true);
        else void show(() => ({ recoveryCode: data }));
      }}
    >
      <RecoveryCodeField
        value={code}
        onChange={setCode}
        error={wrong ? 'This code is not right, or was used already.' : undefined}
      />
      <ProblemCallout problem={problem} />
      <Button type="submit" size="lg" block pending={pending}>
        Go on
      </Button>
    </form>
  );
}

interface CodeFormProps {
  label: string;
  hint?: string;
  digits?: boolean;
  pending: boolean;
  wrong: string | false;
  problem: Told | undefined;
  onComplete: (code: string) => void;
}

function CodeForm({ label, hint, digits = false, pending, wrong, problem, onComplete }: CodeFormProps) {
  const [code, setCode] = useState('');
  return (
    <div className="grid gap-3">
      {hint !== undefined && <p className="text-sm wrap-anywhere text-muted">{hint}</p>}
      <CodeField
        label={label}
        length={6}
        digits={digits}
        autoFocus
        value={code}
        readOnly={pending}
        onValueChange={setCode}
        onComplete={(complete) => {
          setCode('');
          onComplete(complete);
        }}
        error={wrong === false ? undefined : wrong}
      />
      <ProblemCallout problem={problem} />
    </div>
  );
}
