import { type ReactNode } from 'react';
import { SettingsNav } from '../../../components/settings/settings-nav.tsx';

export default function SettingsLayout({ children }: { children: ReactNode }) {
  return (
    <div className="mx-auto grid w-full max-w-[60rem] grid-cols-[minmax(0,1fr)] gap-x-10 gap-y-6 px-4 py-4 sm:px-6 md:grid-cols-[10rem_minmax(0,44rem)] md:py-12">
      <SettingsNav />
      <div>{children}</div>
    </div>
  );
}
