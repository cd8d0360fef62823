'use client';
import { Badge, Button, Skeleton, toast } from '@alva/ui';
import { type PasswordState } from '@alva/validation';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type SubmitEvent } from 'react';
import { fieldProblem, tell, type Told } from '../../lib/problems.ts';
import { ProblemCallout } from '../problem-callout.tsx';
import { useServices } from '../providers/services-provider.tsx';
import { useUser } from '../session/use-session.ts';
import { SettingsSection } from '../settings/settings-section.tsx';
import { CurrentPasswordField } from '../sign-in/current-password-field.tsx';
import { lengthProblem, NewPasswordField } from '../sign-in/new-password-field.tsx';
import { StepUpDeclined, useStepUp } from '../step-up/step-up-provider.tsx';

export function Password() {
  const { session } = useServices();
  const user = useUser();
  const key = [user?.id, 'password'];
  const client = useQueryClient();
  const { data, error } = useQuery({ queryKey: key, queryFn: () => session.getPassword(), enabled: user !== null });
  const [open, setOpen] = useState<boolean>();

  return (
    <SettingsSection
      title="Password"
      lead="Optional. You can still sign in by e-mail. Setting or changing it signs out your other devices."
      aside={data && <Badge tone={data.isSet ? 'accent' : 'neutral'}>{data.isSet ? 'Set' : 'Not set'}</Badge>}
    >
      {error !== null && data === undefined ? (
        <ProblemCallout problem={tell(error)} />
      ) : data === undefined ? (
        <Skeleton className="h-10 w-40" />
      ) : open ? (
        <ChangeForm
          state={data}
          email={user?.email ?? ''}
          onCancel={() => setOpen(false)}
          onDone={() => {
            setOpen(false);
            toast({
              title: data.isSet ? 'Password changed' : 'Password set',
              description: 'Your other devices were signed out.',
            });
            void client.invalidateQueries({ queryKey: key });
          }}
        />
      ) : (
        <div>
          {/* Closed again, the form hands the focus back. */}
          <Button variant="secondary" autoFocus={open === false} onClick={() => setOpen(true)}>
            {data.isSet ? 'Change password' : 'Set a password'}
          </Button>
        </div>
      )}
    </SettingsSection>
  );
}

interface ChangeFormProps {
  state: PasswordState;
  email: string;
  onCancel: () => void;
  onDone: () => void;
}

function ChangeForm({ state, email, onCancel, onDone }: ChangeFormProps) {
  const { session } = useServices();
  const stepUp = useStepUp();
  const [current, setCurrent] = useState('');
  const [password, setPassword] = useState('');
  const [invalid, setInvalid] = useState<{ current?: string | undefined; password?: string | undefined }>({});
  const [problem, setProblem] = useState<Told>();
  const [pending, setPending] = useState(false);

  async function submit(event: SubmitEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = event.currentTarget;
    const refuse = (why: typeof invalid) => {
      setInvalid(why);
      const field = why.current === undefined ? 'new-password' : 'current-password';
      form.querySelector<HTMLInputElement>(`input[name="${field}"]`)?.focus();
    };
    const missing = state.isSet && current === '' ? 'Enter your current password.' : undefined;
    const wrong = lengthProblem(password);
    setProblem(undefined);
    if (missing !== undefined || wrong !== undefined) {
      refuse({ current: missing, password: wrong });
      return;
    }
    setInvalid({});
    setPending(true);
    try {
      await stepUp(() => session.changePassword({ password, ...(state.isSet && { currentPassword: current }) }));
      onDone();
    } catch (error) {
      setPending(false);
      if (error instanceof StepUpDeclined) return;
      const refused = {
        current: fieldProblem(error, '#/currentPassword') && 'This is not your current password.',
        password: fieldProblem(error, '#/password'),
      };
      if (refused.current === undefined && refused.password === undefined) setProblem(tell(error));
      else refuse(refused);
    }
  }

  return (
    <form noValidate className="grid max-w-[26rem] gap-4" onSubmit={(event) => void submit(event)}>
      {/* Not shown: it tells password managers which account this is. */}
      <input type="text" name="username" autoComplete="username" value={email} readOnly hidden />
      {state.isSet && (
        <CurrentPasswordField
          label="Current password"
          value={current}
          onChange={setCurrent}
          error={invalid.current}
          autoFocus
        />
      )}
      <NewPasswordField value={password} onChange={setPassword} error={invalid.password} autoFocus={!state.isSet} />
      <ProblemCallout problem={problem} />
      <div className="flex flex-wrap gap-3">
        <Button type="submit" pending={pending}>
          {state.isSet ? 'Change password' : 'Set password'}
        </Button>
        <Button variant="quiet" onClick={onCancel}>
          Cancel
        </Button>
      </div>
    </form>
  );
}
