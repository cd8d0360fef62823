import { type ReactNode } from 'react';
import { PlainShell } from '../../components/shell/plain-shell.tsx';
import { SiteFooter } from '../../components/shell/site-footer.tsx';

export default function SignInLayout({ children }: { children: ReactNode }) {
  return (
    <>
      <PlainShell>{children}</PlainShell>
      <SiteFooter />
    </>
  );
}
