import { Card } from '@alva/ui';
import { useId, type ReactNode } from 'react';

interface SettingsSectionProps {
  title: string;
  /** What it is for, in a sentence or two. */
  lead: ReactNode;
  /** Beside the title: a state as a `Badge`. */
  aside?: ReactNode;
  children?: ReactNode;
}

/** One subject of a settings page, as a card that screen readers can find by its title. */
export function SettingsSection({ title, lead, aside, children }: SettingsSectionProps) {
  const id = useId();
  return (
    <Card className="p-5 sm:p-6">
      <section aria-labelledby={id} className="grid grid-cols-[minmax(0,1fr)] gap-5">
        <div>
          <div className="flex items-center justify-between gap-4">
            <h2 id={id} className="type-display text-xl text-ink">
              {title}
            </h2>
            {aside}
          </div>
          <div className="mt-1 max-w-[34rem] text-sm text-muted">{lead}</div>
        </div>
        {children}
      </section>
    </Card>
  );
}
