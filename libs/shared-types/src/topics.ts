/** Names of the messages that processes send each other. Payloads are schemas in `@alva/validation`. */
export const topics = {
  /** A job has new events: `{ seq }` of the newest row. */
  jobEvents: (jobId: string) => `jobs.${jobId}`,
  /** Whoever runs this job should stop: cancelled by its owner or with its session. */
  jobCancelled: (jobId: string) => `jobs.${jobId}.cancel`,
  /** A session ended: verifiers refuse its tokens from now on. */
  sessionRevoked: (sessionId: string) => `sessions.${sessionId}.revoked`,
} as const;
