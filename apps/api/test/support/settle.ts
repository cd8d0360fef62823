import type { Metrics } from '@alva/service-kit';
import type { ReceivedEvent, TestDatabase } from '@alva/testing';

/** The next event of a stream that is the one meant; the stream stays open. */
export async function nextEvent(
  stream: AsyncGenerator<ReceivedEvent>,
  isMeant: (event: ReceivedEvent) => boolean,
): Promise<ReceivedEvent> {
  for (;;) {
    const next = await stream.next();
    if (next.done) throw new Error('The stream ended before the event came');
    if (isMeant(next.value)) return next.value;
  }
}

export const isDelta = ({ event }: ReceivedEvent) => event === 'delta';

export function hasState(state: string) {
  return ({ event, data }: ReceivedEvent) => event === 'state' && data['state'] === state;
}

/** A promise to be kept by hand, for holding up work in the middle. */
export function createGate() {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  return { passed: promise, open: () => resolve(undefined) };
}

/** Until so many statements of this database wait for what another transaction has. */
export async function waitUntilBlocked({ sql }: TestDatabase, statements = 1): Promise<void> {
  const blocked = () =>
    sql`select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
  while ((await blocked()).length < statements);
}

/** Resolves once the process shows such a series. */
export async function untilShown({ registry }: Metrics, series: RegExp): Promise<void> {
  while (!series.test(await registry.metrics())) await new Promise((resolve) => setImmediate(resolve));
}
