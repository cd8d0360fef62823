export const planStatuses = ['generating', 'ready', 'failed', 'cancelled'] as const;
export type PlanStatus = (typeof planStatuses)[number];

export const taskStatuses = ['open', 'done'] as const;
export type TaskStatus = (typeof taskStatuses)[number];
