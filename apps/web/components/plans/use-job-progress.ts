'use client';
import { useEffect, useReducer, useState } from 'react';
import { advance, isOver, noProgress } from '../../lib/job-progress.ts';
import { useServices } from '../providers/services-provider.tsx';
import { useUser } from '../session/use-session.ts';

/**
 * Follows a job from its first event on. The stream picks itself up after lost networks and expired tokens; after a
 * reload it is simply told again, so what was written is there at once.
 */
export function useJobProgress(jobId: string) {
  const { api } = useServices();
  const userId = useUser()?.id;
  const [progress, tell] = useReducer(advance, noProgress);
  const [connected, setConnected] = useState(true);
  const [error, setError] = useState<unknown>(null);

  useEffect(() => {
    if (userId === undefined) return;
    const stop = new AbortController();
    async function follow() {
      try {
        for await (const event of api.watchJob(jobId, { signal: stop.signal, onConnection: setConnected })) tell(event);
      } catch (reason) {
        if (!stop.signal.aborted) setError(reason);
      }
    }
    void follow();
    return () => stop.abort();
  }, [api, jobId, userId]);

  return { progress, connected: connected || isOver(progress.state), error };
}
