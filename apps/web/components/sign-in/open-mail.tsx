'use client';
import { buttonStyles } from '@alva/ui';
import { ExternalLink } from 'lucide-react';
import { useConfig } from '../providers/config-provider.tsx';
import { mailProvider } from './mail-provider.ts';

/** Leads to where the mail is read; nothing where that is not known. */
export function OpenMail({ email }: { email: string }) {
  const { inboxUrl } = useConfig();
  const provider = mailProvider(email);
  const target =
    inboxUrl === null
      ? provider && { label: `Open ${provider.name}`, url: provider.url }
      : { label: 'Open the mail', url: inboxUrl };
  if (target === undefined) return null;
  return (
    <a href={target.url} target="_blank" rel="noreferrer" className={buttonStyles({ size: 'lg', block: true })}>
      {target.label}
      <ExternalLink aria-hidden="true" />
      <span className="sr-only">(opens a new tab)</span>
    </a>
  );
}
