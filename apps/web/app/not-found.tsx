import { buttonStyles } from '@alva/ui';
import { type Metadata } from 'next';
import Link from 'next/link';
import { NoticePage } from '../components/session/notice-page.tsx';
import { PlainShell } from '../components/shell/plain-shell.tsx';

export const metadata: Metadata = { title: 'Page not found' };

export default function NotFound() {
  return (
    <PlainShell>
      <NoticePage
        eyebrow="404"
        title="There is nothing here"
        actions={
          <Link href="/" className={buttonStyles()}>
            Go to the start page
          </Link>
        }
      >
        <p>The address may be mistyped, or what was here has been deleted.</p>
      </NoticePage>
    </PlainShell>
  );
}
