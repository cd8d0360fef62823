'use client';
import { cn } from '@alva/ui';
import Link from 'next/link';
import { usePathname } from 'next/navigation';

const links = [
  { href: '/plans', label: 'Plans' },
  { href: '/settings', label: 'Settings' },
];

export function NavLinks() {
  const pathname = usePathname();
  return (
    <nav aria-label="Main" className="hidden sm:block">
      <ul className="flex items-center gap-1">
        {links.map(({ href, label }) => {
          const here = pathname.startsWith(href);
          return (
            <li key={href}>
              <Link
                href={href}
                aria-current={here ? 'page' : undefined}
                className={cn(
                  'inline-flex h-8 items-center rounded-sm px-2.5 text-sm transition-colors hover:bg-hover hover:text-ink',
                  here ? 'font-medium text-ink' : 'text-muted',
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
