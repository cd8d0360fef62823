import type { Plan } from '@alva/validation';
import type { Person } from './person.ts';

/** A plan as the demo planner writes it; a worker must be there. */
export async function finishedPlan(person: Person): Promise<Plan> {
  await person.hasProfile();
  const { planId, jobId } = await person.generate();
  await person.watchToEnd(jobId);
  return person.plan(planId);
}

/** What a client sends to change the version it has read. */
export function ifMatch(version: number | string): Record<string, string> {
  return { 'if-match': typeof version === 'number' ? `"${version}"` : version };
}
