import { buttonStyles } from '@alva/ui';
import { ArrowRight } from 'lucide-react';
import Link from 'next/link';
import { Logo } from '../brand/logo.tsx';
import { SiteFooter } from '../shell/site-footer.tsx';
import { SkipLink } from '../shell/skip-link.tsx';
import { Specimen } from './specimen.tsx';

const points = [
  {
    title: 'Say it once',
    text: 'Four short steps about your business, your customers and what you can spend. Saved as you type.',
  },
  {
    title: 'Watch it being written',
    text: 'Section by section, with reasons. Close the tab if you like; the work goes on without you.',
  },
  {
    title: 'Do it on Monday',
    text: 'Every plan ends in dated tasks, a budget by channel and figures to measure it by.',
  },
];

export function Landing() {
  return (
    <>
      <SkipLink />
      <header className="mx-auto flex h-16 w-full max-w-[72rem] items-center px-5 sm:px-6">
        <Logo />
      </header>
      <main id="content" tabIndex={-1} className="mx-auto w-full max-w-[72rem] flex-1 px-5 sm:px-6">
        <div className="grid items-center gap-x-16 gap-y-14 pt-10 sm:pt-16 lg:grid-cols-[minmax(0,1fr)_minmax(0,27rem)] lg:pt-20">
          <div>
            <h1 className="type-display text-hero text-ink">A marketing plan you can actually&nbsp;run.</h1>
            <p className="mt-6 max-w-[32rem] text-lg text-muted">
              Describe your business in a few minutes. Alva writes the plan while you watch: which channels, how much
              for each, and what to do next week.
            </p>
            <div className="mt-9 flex flex-wrap items-center gap-x-5 gap-y-3">
              <Link href="/sign-in" className={buttonStyles({ size: 'lg' })}>
                Sign in with your e-mail <ArrowRight aria-hidden="true" />
              </Link>
              <p className="text-sm text-subtle">No password needed. A new address becomes an account.</p>
            </div>
          </div>
          <Specimen />
        </div>
        <ol className="mt-24 grid gap-x-10 gap-y-8 border-t border-line pt-8 pb-20 sm:grid-cols-3">
          {points.map(({ title, text }, index) => (
            <li key={title}>
              <p aria-hidden="true" className="type-display text-lg text-accent-ink tabular">
                {index + 1}
              </p>
              <h2 className="mt-1 font-medium text-ink">{title}</h2>
              <p className="mt-1 text-sm text-muted">{text}</p>
            </li>
          ))}
        </ol>
      </main>
      <SiteFooter />
    </>
  );
}
