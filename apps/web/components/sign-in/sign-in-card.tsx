'use client';
import { useEffect, useRef, type ReactNode } from 'react';

interface SignInCardProps {
  title: string;
  lead: ReactNode;
  children?: ReactNode;
  /** The page changed under the person's hands: say so by moving the focus to its new heading. */
  takeFocus?: boolean;
}

export function SignInCard({ title, lead, children, takeFocus = false }: SignInCardProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (takeFocus) heading.current?.focus();
  }, [takeFocus, title]);
  return (
    <section className="mx-auto w-full max-w-[26rem] px-5 pt-[clamp(1.5rem,9vh,6rem)] pb-16">
      <h1 ref={heading} tabIndex={-1} className="type-display text-3xl text-ink">
        {unbroken(title)}
      </h1>
      <div className="mt-2.5 text-muted">{lead}</div>
      {children !== undefined && <div className="mt-8">{children}</div>}
    </section>
  );
}

/** "sign-in" stays on one line: a narrow screen would break it at its hyphen. */
function unbroken(title: string): ReactNode {
  return title.split(/(\w+-\w+)/).map((part, index) =>
    index % 2 === 0 ? (
      part
    ) : (
      <span key={index} className="whitespace-nowrap">
        {part}
      </span>
    ),
  );
}
