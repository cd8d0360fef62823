'use client';
import { Button, Field, Input } from '@alva/ui';
import { type Passkey } from '@alva/validation';
import { useState, type SubmitEvent } from 'react';
import { formatDate } from '../../lib/format.ts';

interface PasskeyRowProps {
  passkey: Passkey;
  onRename: (name: string) => Promise<void>;
  onRemove: () => void;
}

export function PasskeyRow({ passkey, onRename, onRemove }: PasskeyRowProps) {
  const { name, synced, createdAt, lastUsedAt } = passkey;
  // Null once it was closed: then the focus goes back to where it was opened.
  const [draft, setDraft] = useState<string | null>();
  const [pending, setPending] = useState(false);

  async function rename(event: SubmitEvent<HTMLFormElement>) {
    event.preventDefault();
    const wanted = draft?.trim() ?? '';
    if (wanted !== '' && wanted !== name) {
      setPending(true);
      await onRename(wanted);
      setPending(false);
    }
    setDraft(null);
  }

  if (typeof draft === 'string') {
    return (
      <li className="py-4">
        <form noValidate className="flex flex-wrap items-end gap-3" onSubmit={(event) => void rename(event)}>
          <Field label="Name of the passkey" className="min-w-0 flex-1 basis-56">
            {(control) => (
              <Input
                {...control}
                autoFocus
                maxLength={60}
                value={draft}
                onChange={(event) => setDraft(event.target.value)}
              />
            )}
          </Field>
          <div className="flex gap-2">
            <Button type="submit" pending={pending}>
              Save
            </Button>
            <Button variant="quiet" onClick={() => setDraft(null)}>
              Cancel
            </Button>
          </div>
        </form>
      </li>
    );
  }
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2 py-4">
      <div className="min-w-0">
        <p className="font-medium wrap-anywhere text-ink">{name}</p>
        <p className="text-sm text-muted">
          {synced ? 'Synced between your devices' : 'On one device only'} · added {formatDate(createdAt)} ·{' '}
          {lastUsedAt === null ? 'not used yet' : `last used ${formatDate(lastUsedAt)}`}
        </p>
      </div>
      <div className="-ml-3 flex gap-1">
        <Button
          autoFocus={draft === null}
          variant="quiet"
          size="sm"
          aria-label={`Rename ${name}`}
          onClick={() => setDraft(name)}
        >
          Rename
        </Button>
        <Button variant="quiet" size="sm" aria-label={`Remove ${name}`} onClick={onRemove}>
          Remove
        </Button>
      </div>
    </li>
  );
}
