import type { tasks } from '@alva/database';
import type { PlanTask } from '@alva/validation';

export function toTask({ userId: _userId, position, completedAt, ...task }: typeof tasks.$inferSelect): PlanTask {
  return { ...task, order: position, completedAt: completedAt?.toISOString() ?? null };
}
