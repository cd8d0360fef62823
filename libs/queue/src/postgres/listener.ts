import { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { type Report } from '../logger.ts';
import { orUnavailable } from '../queue-unavailable.ts';
import { type WireEvents } from '../store.ts';
import { type ConnectionConfig } from './connection-config.ts';

/** Every process of the database hears it; topics are told apart inside the line. */
export const channel = 'alva_topics';
const heartbeat = 5_000;

export interface Listener {
  readonly live: boolean;
  close(): Promise<void>;
}

/**
 * Listens on a connection of its own for as long as the process lives: when it ends, or stops answering,
 * another takes its place, at first at once and later every two seconds.
 */
export async function openListener(config: ConnectionConfig, events: WireEvents, report: Report): Promise<Listener> {
  const closing = new AbortController();
  const closed = () => closing.signal.aborted;
  const firstTry = Promise.withResolvers<unknown>();
  let live = false;

  async function keepListening(): Promise<void> {
    for (let failures = 0; !closed(); failures += 1) {
      try {
        const { ended } = await listen(config, events, closing.signal);
        live = true;
        failures = 0;
        events.onLive();
        firstTry.resolve(live);
        const reason = await ended;
        if (!closed()) report('topics connection lost', reason);
      } catch (error) {
        report('topics cannot be reached', error);
      }
      live = false;
      events.onLost();
      firstTry.resolve(live);
      await delay(Math.min(2_000, 50 * 2 ** failures), undefined, { signal: closing.signal }).catch(() => undefined);
    }
  }
  const listening = keepListening();
  await firstTry.promise;

  return {
    get live() {
      return live;
    },
    async close() {
      closing.abort();
      await listening;
    },
  };
}

/** `ended` resolves with the reason once the connection is gone. */
async function listen(
  config: ConnectionConfig,
  events: WireEvents,
  closing: AbortSignal,
): Promise<{ ended: Promise<unknown> }> {
  // A socket of our own, because a peer that went silent must be hung up on rather than waved goodbye to.
  const socket = new Socket();
  const client = new Client({ ...config, stream: () => socket, application_name: 'alva topics' });
  const { promise: ended, resolve: end } = Promise.withResolvers<unknown>();
  client.on('error', end);
  client.on('notification', ({ payload }) => events.onLine(payload ?? ''));
  closing.addEventListener('abort', end);
  try {
    await client.connect();
    await client.query(`listen ${channel}`);
  } catch (error) {
    end(error);
    throw error;
  } finally {
    const pulse = setInterval(() => void orUnavailable(() => client.query('select 1')).catch(end), heartbeat);
    void ended.then(() => {
      clearInterval(pulse);
      closing.removeEventListener('abort', end);
      socket.destroy();
    });
  }
  return { ended };
}
