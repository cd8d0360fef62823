'use client';
import { useEffect, useRef, type ReactNode } from 'react';

interface NoticePageProps {
  eyebrow?: string;
  title: string;
  children: ReactNode;
  actions?: ReactNode;
  /** Moves the focus here, because this took the place of what the person was looking at. */
  takeFocus?: boolean;
}

/** A whole page with one thing to say. */
export function NoticePage({ eyebrow, title, children, actions, takeFocus = false }: NoticePageProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (takeFocus) heading.current?.focus();
  }, [takeFocus]);
  return (
    <div className="mx-auto grid w-full max-w-[30rem] gap-3 px-5 py-20 sm:py-28">
      {eyebrow !== undefined && <p className="text-sm text-subtle">{eyebrow}</p>}
      <h1 ref={heading} tabIndex={-1} className="type-display text-3xl text-ink">
        {title}
      </h1>
      <div className="grid gap-3 text-muted">{children}</div>
      {actions !== undefined && <div className="mt-4 flex flex-wrap items-center gap-2">{actions}</div>}
    </div>
  );
}
