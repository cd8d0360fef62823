'use client';
import { useRouter } from 'next/navigation';
import { createContext, use, useEffect, useState, type ReactNode } from 'react';
import { createServices, type Services } from '../../lib/services.ts';
import { rememberSignedIn } from '../../lib/signed-in-hint.ts';
import { useConfig } from './config-provider.tsx';

const ServicesContext = createContext<Services | null>(null);

/** One session and one api client for the life of the page. */
export function ServicesProvider({ children }: { children: ReactNode }) {
  const config = useConfig();
  const router = useRouter();
  const [services] = useState(() =>
    createServices(config, {
      // In the fragment, as a provider's answer has it: where somebody wants to go is their own business.
      onSecondFactor: ({ redirectTo }) =>
        router.push(`/sign-in/second-factor#${new URLSearchParams({ next: redirectTo ?? '' }).toString()}`),
    }),
  );
  useEffect(() => {
    const { session } = services;
    return session.subscribe(() => {
      const { status } = session.getState();
      if (status === 'signed-in' || status === 'signed-out') rememberSignedIn(status === 'signed-in');
    });
  }, [services]);
  return <ServicesContext value={services}>{children}</ServicesContext>;
}

export function useServices(): Services {
  const services = use(ServicesContext);
  if (services === null) throw new Error('useServices needs a ServicesProvider above it');
  return services;
}
