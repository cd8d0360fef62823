'use client';
import { Badge, Button, Skeleton, Spinner } from '@alva/ui';
import { useDataCopy, useReload } from '../../lib/account-queries.ts';
import { formatMoment } from '../../lib/format.ts';
import { tell } from '../../lib/problems.ts';
import { saveFile } from '../../lib/save-file.ts';
import { useAttempt } from '../../lib/use-attempt.ts';
import { ProblemCallout } from '../problem-callout.tsx';
import { useServices } from '../providers/services-provider.tsx';
import { SettingsSection } from '../settings/settings-section.tsx';

/** Everything that is held of the person, as one file. Auth and the api each hand out their own part. */
export function DataCopy() {
  const { session, api } = useServices();
  const { data: copy, error } = useDataCopy();
  const reload = useReload('copy');
  const { attempt, pending, problem } = useAttempt();

  async function order() {
    if (await attempt(() => session.account.askForExport())) await reload();
  }

  const download = () =>
    attempt(async () => {
      const [account, work] = await Promise.all([session.account.downloadExport(), api.exportWork()]);
      saveFile('alva-data.json', 'application/json', JSON.stringify({ account, ...work }, null, 2));
    });

  return (
    <SettingsSection
      title="Your data"
      lead="A copy of everything we hold of you: your account, its sessions and history, your answers, plans and tasks. One JSON file."
      aside={copy?.state === 'ready' && <Badge tone="accent">Ready</Badge>}
    >
      {copy === undefined && error !== null && <ProblemCallout problem={tell(error)} />}
      <ProblemCallout problem={problem} />
      {copy === undefined ? (
        error === null && <Skeleton className="h-10 w-44" />
      ) : copy === null ? (
        <div>
          <Button variant="secondary" pending={pending} onClick={() => void order()}>
            Prepare a copy
          </Button>
        </div>
      ) : copy.state === 'queued' ? (
        <p role="status" className="flex items-center gap-2.5 text-sm text-muted">
          <Spinner /> Being prepared. We mail you when it is ready; you can leave.
        </p>
      ) : (
        <div className="grid gap-3">
          <p role="status" className="text-sm text-muted">
            From {formatMoment(copy.askedAt)}, available until {formatMoment(copy.expiresAt)}.
          </p>
          <div className="flex flex-wrap gap-2">
            <Button pending={pending} onClick={() => void download()}>
              Download
            </Button>
            <Button variant="secondary" onClick={() => void order()}>
              Prepare a new one
            </Button>
          </div>
        </div>
      )}
    </SettingsSection>
  );
}
