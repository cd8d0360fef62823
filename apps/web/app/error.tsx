'use client';
import { Button } from '@alva/ui';
import { NoticePage } from '../components/session/notice-page.tsx';
import { RequestId } from '../components/session/request-id.tsx';
import { PlainShell } from '../components/shell/plain-shell.tsx';

/** The net under every page. The digest leads to the server's log line where there is one. */
export default function ErrorPage({ error, retry }: { error: Error & { digest?: string }; retry: () => void }) {
  return (
    <PlainShell>
      <NoticePage title="This page broke" takeFocus actions={<Button onClick={retry}>Try again</Button>}>
        <p>That is our fault, not yours. What you wrote is kept on this device.</p>
        {error.digest !== undefined && <RequestId id={error.digest} />}
      </NoticePage>
    </PlainShell>
  );
}
