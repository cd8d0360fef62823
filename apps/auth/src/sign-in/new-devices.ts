import { type PersonRow } from '../accounts/person.ts';
import { type CountryOf } from '../http/countries.ts';
import { describeDevice, type Requester } from '../http/requester.ts';
import { type Notify } from '../mail/notifier.ts';
import { newDeviceEmail } from './new-device.email.ts';

export interface NewDevicesOptions {
  readonly notify: Notify;
  readonly countryOf: CountryOf;
  readonly sessionsUrl: string;
}

type Told = Pick<PersonRow, 'id' | 'email'>;

export type NewDeviceNotices = ReturnType<typeof createNewDeviceNotices>;

/** Tells people of sign-ins with a device that is new for them. */
export function createNewDeviceNotices({ notify, countryOf, sessionsUrl }: NewDevicesOptions) {
  const sending = new Set<Promise<void>>();

  async function send({ id: userId, email: to }: Told, { address, userAgent, requestId }: Requester): Promise<void> {
    const device = describeDevice(userAgent);
    const mail = newDeviceEmail({ to, device, country: countryOf(address), at: new Date(), sessionsUrl });
    await notify(mail, { userId, requestId });
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
