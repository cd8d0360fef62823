import type { Metrics } from '@alva/service-kit';
import { Counter, Gauge } from 'prom-client';

/** `reader-gone` includes those who stopped reading and were hung up on. */
const streamEnds = ['job-over', 'reader-gone', 'session-ended', 'token-outlived', 'shutdown'] as const;
export type StreamEnd = (typeof streamEnds)[number];

export interface JobStreamObserver {
  /** Answers with whom to tell why it ended. */
  opened(): (why: StreamEnd) => void;
}

export function createJobStreamObserver({ registry }: Metrics): JobStreamObserver {
  const registers = [registry];
  const open = new Gauge({ name: 'job_streams', help: 'Event streams of jobs that are open here.', registers });
  const ends = new Counter({
    name: 'job_stream_ends_total',
    help: 'Event streams of jobs that ended, by why.',
    labelNames: ['why'] as const,
    registers,
  });
  for (const why of streamEnds) ends.inc({ why }, 0);
  return {
    opened() {
      open.inc();
      return (why) => {
        open.dec();
        ends.inc({ why });
      };
    },
  };
}
