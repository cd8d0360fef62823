import { type ComponentProps } from 'react';

export function Kbd(props: ComponentProps<'kbd'>) {
  return (
    <kbd
      className="inline-grid h-5 min-w-5 place-items-center rounded-xs border border-line bg-sunken px-1 font-mono text-2xs text-muted"
      {...props}
    />
  );
}
