import { type BackendFactory } from 'bullmq';

/** Where queues and topics live. Everything outside `postgres/` and `redis/` knows only this. */
export interface Store {
  readonly name: 'postgres' | 'redis';
  /** What BullMQ builds queues and workers on. It brings its own connection and ignores the one in the options. */
  readonly backend: BackendFactory;
  /** Puts a question to the store; rejects with `QueueUnavailableError` in time rather than waiting for an outage to end. */
  ask<Answer>(question: () => Promise<Answer>): Promise<Answer>;
  ping(): Promise<unknown>;
  readonly wire: Wire;
  close(): Promise<void>;
}

/** Carries one line of text to every process that listens: the single channel under all topics. */
export interface Wire {
  send(line: string): Promise<unknown>;
  /** Whether lines reach this process at the moment. */
  readonly live: boolean;
}

export interface WireEvents {
  onLine(line: string): void;
  /** Listening has begun, or begun again: what was said before may have been missed. */
  onLive(): void;
  /** Nothing is heard, or nothing could be heard to begin with. May be said more than once of the same outage. */
  onLost(): void;
}
