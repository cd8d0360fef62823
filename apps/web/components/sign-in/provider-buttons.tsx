'use client';
import { type ProviderName } from '@alva/shared-types';
import { Badge, buttonStyles } from '@alva/ui';
import { useEffect, useState } from 'react';
import { recallLastWay } from '../../lib/last-way.ts';
import { useProviders } from '../../lib/provider-queries.ts';
import { ProviderMark } from '../brand/provider-mark.tsx';
import { useServices } from '../providers/services-provider.tsx';

/** A way in for each provider of this installation. Plain links: the browser itself has to go there. */
export function ProviderButtons({ next }: { next: string }) {
  const { session } = useServices();
  const { data: providers = [] } = useProviders();
  const [last, setLast] = useState<ProviderName | null>(null);
  useEffect(() => void recallLastWay().then(setLast), []);

  const lastFirst = [...providers].sort((a, b) => Number(b.name === last) - Number(a.name === last));
  return lastFirst.map(({ name, label }) => (
    <a
      key={name}
      href={session.providerUrl(name, next)}
      className={buttonStyles({ variant: 'secondary', size: 'lg', block: true })}
    >
      <ProviderMark name={name} />
      <span className="truncate">Continue with {label}</span>
      {last === name && (
        <Badge tone="accent" className="absolute -top-3 right-3">
          <span className="sr-only">, </span>Last used
        </Badge>
      )}
    </a>
  ));
}
