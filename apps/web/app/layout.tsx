import { cn } from '@alva/ui';
import { GeistSans } from 'geist/font/sans';
import { GeistSerifRegular } from 'geist/font/serif/regular';
import { type Metadata, type Viewport } from 'next';
import { cookies } from 'next/headers';
import { type ReactNode } from 'react';
import { AppProviders } from '../components/providers/app-providers.tsx';
import { readConfig } from '../lib/config.ts';
import { parseTheme, themeCookie } from '../lib/theme.ts';
import './globals.css';

export const metadata: Metadata = {
  title: { default: 'Alva', template: '%s · Alva' },
  description: 'Describe your business once and get a marketing plan you can actually run.',
};

export const viewport: Viewport = {
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: '#f9fbf9' },
    { media: '(prefers-color-scheme: dark)', color: '#0b110f' },
  ],
};

export default async function RootLayout({ children }: { children: ReactNode }) {
  // Reading a cookie also makes every page dynamic, which its nonce needs.
  const theme = parseTheme((await cookies()).get(themeCookie)?.value);
  return (
    <html
      lang="en"
      data-theme={theme === 'system' ? undefined : theme}
      className={cn(GeistSans.variable, GeistSerifRegular.variable)}
    >
      <body className="bg-canvas antialiased">
        <AppProviders config={readConfig().public} theme={theme}>
          <div className="app-root flex min-h-dvh flex-col">{children}</div>
        </AppProviders>
      </body>
    </html>
  );
}
