import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useServices } from '../components/providers/services-provider.tsx';
import { useUser } from '../components/session/use-session.ts';

/** Who else can sign people in here. It changes with the configuration alone. */
export function useProviders() {
  const { session } = useServices();
  return useQuery({ queryKey: ['providers'], queryFn: () => session.listProviders(), staleTime: 3_600_000 });
}

/** What people call a provider, as soon as it is known. */
export function useProviderLabel(name: string | null): string {
  const { data } = useProviders();
  return data?.find((provider) => provider.name === name)?.label ?? 'The provider';
}

/** Which providers can sign this person in. */
export function useIdentities() {
  const { session } = useServices();
  const userId = useUser()?.id;
  return useQuery({
    queryKey: [userId, 'identities'],
    queryFn: () => session.listIdentities(),
    enabled: userId !== undefined,
  });
}

export function useReloadIdentities(): () => Promise<void> {
  const client = useQueryClient();
  const userId = useUser()?.id;
  return () => client.invalidateQueries({ queryKey: [userId, 'identities'] });
}
