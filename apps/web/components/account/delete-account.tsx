'use client';
import { Button, Field, Input } from '@alva/ui';
import { useRouter } from 'next/navigation';
import { useState, type SubmitEvent } from 'react';
import { useAttempt } from '../../lib/use-attempt.ts';
import { ProblemCallout } from '../problem-callout.tsx';
import { useServices } from '../providers/services-provider.tsx';
import { useUser } from '../session/use-session.ts';
import { SettingsSection } from '../settings/settings-section.tsx';

/** Typed, not clicked: so that nobody leaves by mistake. */
export function DeleteAccount() {
  const { session } = useServices();
  const router = useRouter();
  const email = useUser()?.email ?? '';
  const { attempt, pending, problem } = useAttempt();
  const [open, setOpen] = useState<boolean>();
  const [typed, setTyped] = useState('');
  const [invalid, setInvalid] = useState<string>();

  async function submit(event: SubmitEvent<HTMLFormElement>) {
    event.preventDefault();
    if (typed.trim().toLowerCase() !== email.toLowerCase()) {
      setInvalid('This is not the address of this account.');
      event.currentTarget.querySelector('input')?.focus();
      return;
    }
    setInvalid(undefined);
    await attempt(async () => {
      const dueAt = await session.account.remove(email);
      router.replace(`/account/leaving#on=${encodeURIComponent(dueAt)}`);
    });
  }

  return (
    <SettingsSection
      title="Delete your account"
      lead="You are signed out everywhere at once. Your account, plans and answers are deleted for good after a grace period; we mail you the date. Until then, sign in and choose to keep them."
    >
      {open ? (
        <form noValidate className="grid gap-4" onSubmit={(event) => void submit(event)}>
          <Field
            label="Type your e-mail address to confirm"
            hint={<span className="wrap-anywhere">{email}</span>}
            error={invalid}
          >
            {(control) => (
              <Input
                {...control}
                inputMode="email"
                autoComplete="off"
                autoCapitalize="none"
                spellCheck={false}
                autoFocus
                value={typed}
                onChange={(event) => setTyped(event.target.value)}
              />
            )}
          </Field>
          <ProblemCallout problem={problem} />
          <div className="flex flex-wrap gap-2">
            <Button type="submit" variant="danger" pending={pending}>
              Delete my account
            </Button>
            <Button variant="secondary" onClick={() => setOpen(false)}>
              Cancel
            </Button>
          </div>
        </form>
      ) : (
        <div>
          {/* Closed again, the form hands the focus back. */}
          <Button variant="secondary" autoFocus={open === false} onClick={() => setOpen(true)}>
            Delete account
          </Button>
        </div>
      )}
    </SettingsSection>
  );
}
