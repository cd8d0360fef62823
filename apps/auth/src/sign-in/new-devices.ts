import { randomUUID } from 'node:crypto';
import { type FastifyBaseLogger } from 'fastify';
import { type PersonRow } from '../accounts/person.ts';
import { type CountryOf } from '../http/countries.ts';
import { describeDevice, type Requester } from '../http/requester.ts';
import { type Mailer } from '../mail/mailer.ts';
import { newDeviceEmail } from './new-device.email.ts';

export interface NewDevicesOptions {
  readonly mailer: Mailer;
  readonly countryOf: CountryOf;
  readonly log: Pick<FastifyBaseLogger, 'error'>;
  readonly sessionsUrl: string;
}

type Told = Pick<PersonRow, 'id' | 'email'>;

export type NewDeviceNotices = ReturnType<typeof createNewDeviceNotices>;

/** Seconds. The list of sessions tells the same for as long as it matters. */
const lifetime = 86_400;

/** Tells people of sign-ins with a device that is new for them. */
export function createNewDeviceNotices({ mailer, countryOf, log, sessionsUrl }: NewDevicesOptions) {
  const sending = new Set<Promise<void>>();

  async function send({ id: userId, email: to }: Told, { address, userAgent }: Requester): Promise<void> {
    try {
      const device = describeDevice(userAgent);
      const mail = newDeviceEmail({ to, device, country: countryOf(address), at: new Date(), sessionsUrl });
      await mailer.send(randomUUID(), mail, { lifetime, userId });
    } catch (err) {
      log.error({ err, sub: userId }, 'a sign-in on a new device could not be mailed');
    }
  }

  return {
    /** Returns at once and never throws: whoever signs in waits for no mail, and is in whether it can be sent or not. */
    tell(person: Told, requester: Requester): void {
      const sent = send(person, requester).finally(() => sending.delete(sent));
      sending.add(sent);
    },

    /** Resolves when everything that was told is queued, or could not be. */
    async settled(): Promise<void> {
      await Promise.all(sending);
    },
  };
}
