import { type ReactNode } from 'react';
import { PlainShell } from '../../components/shell/plain-shell.tsx';
import { SiteFooter } from '../../components/shell/site-footer.tsx';

export default function AccountLayout({ children }: { children: ReactNode }) {
  return (
    <>
      <PlainShell>{children}</PlainShell>
      <SiteFooter />
    </>
  );
}
