export const planStatuses = ['generating', 'ready', 'failed', 'cancelled'] as const;
export type PlanStatus = (typeof planStatuses)[number];

export const taskStatuses = ['open', 'done'] as const;
export type TaskStatus = (typeof taskStatuses)[number];

/** By the day they are due, whichever plan they belong to; or plan by plan, newest first, each in its own order. */
export const taskSorts = ['due-date', 'plan'] as const;
export type TaskSort = (typeof taskSorts)[number];
