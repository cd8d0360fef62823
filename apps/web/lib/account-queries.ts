import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import { useServices } from '../components/providers/services-provider.tsx';
import { useUser } from '../components/session/use-session.ts';

const keys = {
  account: (userId: string | undefined) => [userId, 'account'],
  sessions: (userId: string | undefined) => [userId, 'sessions'],
  copy: (userId: string | undefined) => [userId, 'copy'],
};

/** Looks again every few seconds while mailboxes have yet to agree. */
export function useAccount() {
  const { session } = useServices();
  const userId = useUser()?.id;
  return useQuery({
    queryKey: keys.account(userId),
    queryFn: () => session.account.get(),
    enabled: userId !== undefined,
    refetchInterval: ({ state }) => (state.data?.emailChange ? 4_000 : false),
  });
}

/** Open sessions, newest first. They end and begin elsewhere, so the list is read again now and then. */
export function useSessions() {
  const { session } = useServices();
  const userId = useUser()?.id;
  return useInfiniteQuery({
    queryKey: keys.sessions(userId),
    queryFn: ({ pageParam }) => session.account.listSessions(pageParam === null ? {} : { cursor: pageParam }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ nextCursor }) => nextCursor,
    enabled: userId !== undefined,
    refetchInterval: 20_000,
  });
}

/** The copy of one's data: null when there is none. */
export function useDataCopy() {
  const { session } = useServices();
  const userId = useUser()?.id;
  return useQuery({
    queryKey: keys.copy(userId),
    queryFn: () => session.account.findExport(),
    enabled: userId !== undefined,
    refetchInterval: ({ state }) => (state.data?.state === 'queued' ? 1_500 : false),
  });
}

export function useReload(what: keyof typeof keys): () => Promise<void> {
  const client = useQueryClient();
  const userId = useUser()?.id;
  return useCallback(() => client.invalidateQueries({ queryKey: keys[what](userId) }), [client, userId, what]);
}
