import { setTimeout as delay } from 'node:timers/promises';
import { Socket } from 'node:net';
import { Client } from 'pg';
import { type Report } from '../logger.ts';
import { orUnavailable } from '../queue-unavailable.ts';
import { type Wire, type WireEvents } from '../store.ts';
import { type ConnectionConfig } from './connection-config.ts';

const channel = 'alva_topics';
const heartbeat = 5_000;

/**
 * LISTEN/NOTIFY over one connection that also publishes. It is kept alive: when it ends, or stops answering,
 * another takes its place, at first at once and later every two seconds.
 */
export async function openWire(config: ConnectionConfig, events: WireEvents, report: Report): Promise<ClosableWire> {
  const closing = new AbortController();
  const firstTry = Promise.withResolvers<unknown>();
  const closed = () => closing.signal.aborted;
  let live: Listener | undefined;

  async function keepListening(): Promise<void> {
    for (let failures = 0; !closed(); failures += 1) {
      try {
        live = await listen(config, events, closing.signal);
        failures = 0;
        events.onLive();
        firstTry.resolve(live);
        const reason = await live.ended;
        if (!closed()) report('topics connection lost', reason);
      } catch (error) {
        report('topics cannot be reached', error);
      }
      live = undefined;
      firstTry.resolve(undefined);
      await delay(Math.min(2_000, 50 * 2 ** failures), undefined, { signal: closing.signal }).catch(() => undefined);
    }
  }
  const listening = keepListening();
  await firstTry.promise;

  return {
    get live() {
      return live !== undefined;
    },
    async send(line) {
      if (!live) throw new Error('not connected to Postgres');
      await live.client.query(`select pg_notify('${channel}', $1)`, [line]);
    },
    async close() {
      closing.abort();
      await listening;
    },
  };
}

type ClosableWire = Wire & { close(): Promise<void> };

interface Listener {
  readonly client: Client;
  /** Resolves with the reason once the connection is gone. */
  readonly ended: Promise<unknown>;
}

async function listen(config: ConnectionConfig, events: WireEvents, closing: AbortSignal): Promise<Listener> {
  // A socket of our own, because a peer that went silent must be hung up on rather than waved goodbye to.
  const socket = new Socket();
  const client = new Client({ ...config, stream: () => socket, application_name: 'alva topics' });
  const { promise: ended, resolve: end } = Promise.withResolvers<unknown>();
  client.on('error', end);
  client.on('notification', ({ payload }) => events.onLine(payload ?? ''));
  closing.addEventListener('abort', end);
  const pulse = setInterval(() => void orUnavailable(() => client.query('select 1')).catch(end), heartbeat);
  void ended.then(() => {
    clearInterval(pulse);
    closing.removeEventListener('abort', end);
    socket.destroy();
  });
  try {
    await client.connect();
    await client.query(`listen ${channel}`);
  } catch (error) {
    end(error);
    throw error;
  }
  return { client, ended };
}
