'use client';
import { useSyncExternalStore } from 'react';
import { type SessionState } from '@alva/auth-client';
import { useServices } from '../providers/services-provider.tsx';

const restoring: SessionState = { status: 'restoring' };

export function useSession(): SessionState {
  const { session } = useServices();
  return useSyncExternalStore(session.subscribe, session.getState, () => restoring);
}

/** The person, where a SessionGate above has made sure that there is one. */
export function useUser() {
  const state = useSession();
  return state.status === 'signed-in' ? state.user : null;
}
