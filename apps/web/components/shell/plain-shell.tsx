import Link from 'next/link';
import { type ReactNode } from 'react';
import { Logo } from '../brand/logo.tsx';
import { OfflineBanner } from './offline-banner.tsx';
import { SkipLink } from './skip-link.tsx';

/** Frame of pages that are about one thing: the name above, nothing to wander off to. */
export function PlainShell({ children, aside }: { children: ReactNode; aside?: ReactNode }) {
  return (
    <>
      <SkipLink />
      <header className="mx-auto flex h-16 w-full max-w-[72rem] items-center justify-between px-5 sm:px-6">
        <Link href="/" aria-label="Alva, start page" className="inline-flex rounded-sm">
          <Logo />
        </Link>
        {aside}
      </header>
      <main id="content" tabIndex={-1} className="flex-1">
        {children}
      </main>
      <OfflineBanner />
    </>
  );
}
