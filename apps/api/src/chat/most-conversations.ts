import { ProblemError } from '@alva/service-kit';

/** Of one person: more than anybody reads, and empty ones cost nothing to make. */
export const mostConversations = 1_000;

/** Throws what somebody is told who has as many as they may. */
export function refuseTooMany(conversations: number): void {
  if (conversations < mostConversations) return;
  const most = mostConversations.toLocaleString('en');
  throw new ProblemError('conflict', {
    detail: `You have ${most} conversations, and cannot have more. Delete one first.`,
  });
}
