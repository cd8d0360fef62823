import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { type MailState } from '@alva/shared-types';
import { newIdentifier } from '@alva/database';
import { samples } from '../../src/mail/samples.ts';
import { type Mail } from '../../src/mail/mail.ts';
import { newAddress, type Auth } from './auth.ts';

export const from = 'Alva <hello@example.com>';

export interface MailRecord {
  readonly id: string;
  readonly kind: string;
  readonly state: MailState;
  readonly reason: string | null;
  readonly attempts: number;
  readonly transport: string | null;
  readonly provider_id: string | null;
  readonly user_id: string | null;
}

export async function recordOf({ database: { sql } }: Auth, id: string): Promise<MailRecord | undefined> {
  const [row] = await sql<MailRecord[]>`select * from auth.mails where id = ${id}`;
  return row;
}

/** Looks until the record of the mail is as it should be. */
export async function waitForRecord(
  auth: Auth,
  id: string,
  isIt: (record: MailRecord) => boolean = ({ state }) => state !== 'queued',
): Promise<MailRecord> {
  for (;;) {
    const record = await recordOf(auth, id);
    if (record && isIt(record)) return record;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** A sample of that name, to somebody. */
export function sampleMail(name = 'sign-in', to = newAddress()): Mail {
  const sample = samples[name];
  if (!sample) throw new Error(`There is no sample ${name}`);
  return { ...sample, to };
}

/** Queues one and gives its id. */
export async function queueMail({ resources }: Auth, mail: Mail, lifetime = 900): Promise<string> {
  const id = newIdentifier();
  await resources.mailer.send(id, mail, { lifetime });
  return id;
}

interface Teardown {
  teardown(handler: () => unknown): void;
}

/** A server of any manners, for SMTP_URL. */
export async function openServer(t: Teardown, behave: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    behave(socket);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
