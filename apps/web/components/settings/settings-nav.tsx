'use client';
import { cn } from '@alva/ui';
import Link from 'next/link';
import { usePathname } from 'next/navigation';

const links = [
  { href: '/settings/profile', label: 'Profile' },
  { href: '/settings/security', label: 'Security' },
  { href: '/settings/sessions', label: 'Sessions' },
  { href: '/settings/account', label: 'Account' },
];

/** A row above the page on a phone, a column beside it where there is room. */
export function SettingsNav() {
  const pathname = usePathname();
  return (
    <nav aria-label="Settings" className="border-b border-line md:border-b-0">
      <ul className="flex gap-1 md:sticky md:top-24 md:flex-col">
        {links.map(({ href, label }) => {
          const here = pathname.startsWith(href);
          return (
            <li key={href}>
              <Link
                href={href}
                aria-current={here ? 'page' : undefined}
                className={cn(
                  '-mb-px flex h-11 items-center border-b-2 px-2.5 text-sm transition-colors hover:text-ink',
                  'md:mb-0 md:h-9 md:rounded-sm md:border-b-0 md:hover:bg-hover',
                  here ? 'border-accent font-medium text-ink md:bg-hover' : 'border-transparent text-muted',
                )}
              >
                {label}
              </Link>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}
