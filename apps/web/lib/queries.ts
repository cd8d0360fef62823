'use client';
import { type ClientProfile } from '@alva/validation';
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useRef } from 'react';
import { useServices } from '../components/providers/services-provider.tsx';
import { useUser } from '../components/session/use-session.ts';
import { problemCode } from './problems.ts';

// Keys begin with the person: what one account loaded is never shown to the next one in the same tab.
const keys = {
  profile: (userId: string | undefined) => [userId, 'profile'],
  anyPlans: (userId: string | undefined) => [userId, 'plans'],
  plans: (userId: string | undefined) => [userId, 'plans', 'list'],
  plan: (userId: string | undefined, id: string) => [userId, 'plans', 'one', id],
};

/** The questionnaire's answers, or null as long as there are none. */
export function useProfile() {
  const { api } = useServices();
  const userId = useUser()?.id;
  return useQuery({ queryKey: keys.profile(userId), queryFn: () => api.getProfile(), enabled: userId !== undefined });
}

export function useSaveProfile() {
  const { api } = useServices();
  const userId = useUser()?.id;
  const client = useQueryClient();
  return useMutation({
    mutationFn: (profile: ClientProfile) => api.saveProfile(profile),
    onSuccess: (profile) => client.setQueryData(keys.profile(userId), profile),
  });
}

/** Newest first, page by page. Looks again every few seconds while a plan is being written. */
export function usePlans() {
  const { api } = useServices();
  const userId = useUser()?.id;
  return useInfiniteQuery({
    queryKey: keys.plans(userId),
    queryFn: ({ pageParam }) => api.listPlans(pageParam === null ? {} : { cursor: pageParam }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ nextCursor }) => nextCursor,
    enabled: userId !== undefined,
    refetchInterval: ({ state }) =>
      state.data?.pages.some(({ items }) => items.some(({ status }) => status === 'generating')) ? 4000 : false,
  });
}

/** A plan that is being written is followed by its events; asking now and then is the net below. */
export function usePlan(id: string) {
  const { api } = useServices();
  const userId = useUser()?.id;
  return useQuery({
    queryKey: keys.plan(userId, id),
    queryFn: () => api.getPlan(id),
    enabled: userId !== undefined,
    refetchInterval: ({ state }) => (state.data?.status === 'generating' ? 20_000 : false),
  });
}

export function useRefreshPlans() {
  const userId = useUser()?.id;
  const client = useQueryClient();
  return useCallback(() => client.invalidateQueries({ queryKey: keys.anyPlans(userId) }), [client, userId]);
}

/** One press makes one plan: a press repeated after a lost answer carries the same idempotency key. */
export function useGeneratePlan() {
  const { api } = useServices();
  const refreshPlans = useRefreshPlans();
  const intent = useRef<string>(undefined);
  return useMutation({
    mutationFn: (profile: ClientProfile | undefined) => {
      intent.current ??= newIdempotencyKey();
      return api.generatePlan(profile, intent.current);
    },
    onSuccess: () => {
      intent.current = undefined;
      return refreshPlans();
    },
    onError: (error) => {
      // A refusal was heard; only where no answer came may the work have begun.
      if (problemCode(error) !== undefined) intent.current = undefined;
    },
  });
}

// Not crypto.randomUUID(): browsers keep that from plain-http addresses other than localhost.
function newIdempotencyKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

export function useCancelJob() {
  const { api } = useServices();
  return useMutation({ mutationFn: (jobId: string) => api.cancelJob(jobId) });
}
