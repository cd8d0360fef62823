import { PageHeader } from '@alva/ui';
import { type ReactNode } from 'react';

interface SettingsPageProps {
  title: string;
  description: string;
  children: ReactNode;
}

/** One page of the settings: a title, and sections under each other. */
export function SettingsPage({ title, description, children }: SettingsPageProps) {
  return (
    <>
      <PageHeader title={title} description={description} />
      <div className="mt-8 grid grid-cols-[minmax(0,1fr)] gap-6">{children}</div>
    </>
  );
}
