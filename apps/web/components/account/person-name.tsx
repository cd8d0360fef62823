'use client';
import { Button, Field, Input, Skeleton, toast } from '@alva/ui';
import { useState, type SubmitEvent } from 'react';
import { useAttempt } from '../../lib/use-attempt.ts';
import { ProblemCallout } from '../problem-callout.tsx';
import { useServices } from '../providers/services-provider.tsx';
import { useUser } from '../session/use-session.ts';
import { SettingsSection } from '../settings/settings-section.tsx';

export function PersonName() {
  const user = useUser();
  return (
    <SettingsSection title="Your name" lead="What we call you. Nobody else sees it.">
      {/* Anew when the name changed elsewhere: what is typed here is not lost before. */}
      {user === null ? <Skeleton className="h-10" /> : <NameForm key={user.name} name={user.name ?? ''} />}
    </SettingsSection>
  );
}

function NameForm({ name }: { name: string }) {
  const { session } = useServices();
  const { attempt, pending, problem } = useAttempt();
  const [typed, setTyped] = useState(name);

  async function submit(event: SubmitEvent<HTMLFormElement>) {
    event.preventDefault();
    const wanted = typed.trim();
    const done = await attempt(() => session.account.rename(wanted === '' ? null : wanted));
    if (done) toast({ title: wanted === '' ? 'Name removed' : 'Name saved' });
  }

  return (
    <form noValidate className="grid gap-4" onSubmit={(event) => void submit(event)}>
      <div className="flex flex-wrap items-end gap-3">
        <Field label="Name" labelHidden className="min-w-0 flex-1 basis-56">
          {(control) => (
            <Input
              {...control}
              autoComplete="name"
              maxLength={100}
              placeholder="Your name"
              value={typed}
              onChange={(event) => setTyped(event.target.value)}
            />
          )}
        </Field>
        <Button type="submit" variant="secondary" pending={pending} disabled={typed.trim() === name}>
          Save name
        </Button>
      </div>
      <ProblemCallout problem={problem} />
    </form>
  );
}
