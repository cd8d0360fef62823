'use client';
import { ToastProvider } from '@alva/ui';
import { type ReactNode } from 'react';
import { type PublicConfig } from '../../lib/config.ts';
import { type Theme } from '../../lib/theme.ts';
import { StepUpProvider } from '../step-up/step-up-provider.tsx';
import { ConfigProvider } from './config-provider.tsx';
import { QueryProvider } from './query-provider.tsx';
import { ServicesProvider } from './services-provider.tsx';
import { ThemeProvider } from './theme-provider.tsx';

export function AppProviders({ config, theme, children }: { config: PublicConfig; theme: Theme; children: ReactNode }) {
  return (
    <ConfigProvider config={config}>
      <ThemeProvider initial={theme}>
        <ServicesProvider>
          <QueryProvider>
            <ToastProvider>
              <StepUpProvider>{children}</StepUpProvider>
            </ToastProvider>
          </QueryProvider>
        </ServicesProvider>
      </ThemeProvider>
    </ConfigProvider>
  );
}
