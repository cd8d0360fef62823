import { ProblemError } from '@alva/service-kit';
import { type StoresInside } from '../stores.ts';
import { type Caller } from './guards.ts';

type Inside = Pick<StoresInside, 'users' | 'sessions'>;

/**
 * Locks the account of whoever asks, as every way in does. The guard looked at their session before they waited here, and
 * whoever held the lock may have ended it. Throws `invalid-token`.
 */
export async function lockCaller(inside: Inside, { person, sessionId }: Pick<Caller, 'person' | 'sessionId'>) {
  await inside.users.lock(person.id);
  await requireOpen(inside, sessionId);
}

/** To be asked after a lock was waited for, as a statement of its own. */
export async function requireOpen({ sessions }: Pick<Inside, 'sessions'>, sessionId: string): Promise<void> {
  if (!(await sessions.findPerson(sessionId))) throw new ProblemError('invalid-token');
}
