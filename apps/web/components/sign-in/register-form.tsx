'use client';
import { Button, Field, Input } from '@alva/ui';
import { useState, type SubmitEvent } from 'react';
import { fieldProblem, tell, type Told } from '../../lib/problems.ts';
import { ProblemCallout } from '../problem-callout.tsx';
import { type Attempt } from './attempt.ts';
import { EmailField, readEmail } from './email-field.tsx';
import { lengthProblem, NewPasswordField } from './new-password-field.tsx';
import { SignInCard } from './sign-in-card.tsx';
import { useRegister } from './use-send-link.ts';

interface RegisterFormProps {
  next: string;
  initialEmail: string;
  onSent: (attempt: Attempt) => void;
  onUseLink: (email: string) => void;
}

/** An account with a password from the start. It is made when the mail is opened in this browser. */
export function RegisterForm({ next, initialEmail, onSent, onUseLink }: RegisterFormProps) {
  const register = useRegister();
  const [email, setEmail] = useState(initialEmail);
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const [invalid, setInvalid] = useState<{ email?: string | undefined; password?: string | undefined }>({});
  const [problem, setProblem] = useState<Told>();
  const [pending, setPending] = useState(false);

  async function submit(event: SubmitEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = event.currentTarget;
    const focus = (field: string) => form.querySelector<HTMLInputElement>(`input[name="${field}"]`)?.focus();
    const read = readEmail(email);
    const wrong = lengthProblem(password);
    setInvalid({ email: read.invalid, password: wrong });
    if (read.address === undefined) return focus('email');
    if (wrong !== undefined) return focus('new-password');
    setProblem(undefined);
    setPending(true);
    try {
      onSent(await register({ email: read.address, password, ...(name.trim() && { name: name.trim() }) }, next));
    } catch (error) {
      const refused = fieldProblem(error, '#/password');
      if (refused === undefined) setProblem(tell(error));
      else {
        setInvalid({ password: refused });
        focus('new-password');
      }
    } finally {
      setPending(false);
    }
  }

  return (
    <SignInCard
      title="Create an account"
      takeFocus
      lead={
        <p>
          We mail you a link. Open it in this browser, so that your password is kept.{' '}
          <Button variant="link" onClick={() => onUseLink(email)}>
            No password? Sign up by e-mail
          </Button>
        </p>
      }
    >
      <form noValidate className="grid gap-4" onSubmit={(event) => void submit(event)}>
        <EmailField value={email} onChange={setEmail} error={invalid.email} autoComplete="username" />
        <Field label="Your name" optional>
          {(control) => (
            <Input
              {...control}
              name="name"
              autoComplete="name"
              maxLength={100}
              value={name}
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Field>
        <NewPasswordField label="Password" value={password} onChange={setPassword} error={invalid.password} />
        <ProblemCallout problem={problem} />
        <Button type="submit" size="lg" block pending={pending}>
          Continue
        </Button>
      </form>
    </SignInCard>
  );
}
