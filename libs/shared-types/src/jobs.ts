/** `queued → running → succeeded | failed | cancelled`; the last three are final. */
export const jobStates = ['queued', 'running', 'succeeded', 'failed', 'cancelled'] as const;
export type JobState = (typeof jobStates)[number];

export const terminalJobStates = ['succeeded', 'failed', 'cancelled'] as const satisfies readonly JobState[];

/** Names on the event stream of a job: the SSE `event:` field. */
export const jobEventTypes = ['state', 'step', 'delta', 'result', 'error'] as const;
export type JobEventType = (typeof jobEventTypes)[number];
