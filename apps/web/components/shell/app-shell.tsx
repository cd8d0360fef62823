import Link from 'next/link';
import { type ReactNode } from 'react';
import { Logo } from '../brand/logo.tsx';
import { SessionGate } from '../session/session-gate.tsx';
import { NavLinks } from './nav-links.tsx';
import { OfflineBanner } from './offline-banner.tsx';
import { SkipLink } from './skip-link.tsx';
import { UserMenu } from './user-menu.tsx';

/** Frame of every page behind the sign-in. */
export function AppShell({ children }: { children: ReactNode }) {
  return (
    <>
      <SkipLink />
      <header className="sticky top-0 z-20 border-b border-line bg-canvas/90 backdrop-blur-md print:hidden">
        <div className="mx-auto flex h-14 max-w-[72rem] items-center gap-6 px-4 sm:px-6">
          <Link href="/plans" aria-label="Alva, your plans" className="inline-flex rounded-sm">
            <Logo />
          </Link>
          <NavLinks />
          <div className="ml-auto">
            <UserMenu />
          </div>
        </div>
      </header>
      <main id="content" tabIndex={-1} className="flex-1">
        <SessionGate>{children}</SessionGate>
      </main>
      <OfflineBanner />
    </>
  );
}
