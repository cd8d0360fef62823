import { type Auth } from './auth.ts';
import { readInbox, waitForMail, type ReceivedMail } from './sign-in.ts';

/** The newest letter with this subject to an address, once it is there. */
export function waitForLetter(auth: Auth, to: string, subject: RegExp): Promise<ReceivedMail> {
  return waitForMail(auth, to, (mail) => subject.test(mail.subject));
}

/** The token in the link of the newest such letter. */
export async function tokenInLetter(auth: Auth, to: string, subject: RegExp): Promise<string> {
  return tokenOf(await waitForLetter(auth, to, subject));
}

export function tokenOf({ link }: ReceivedMail): string {
  return new URL(link ?? '').hash.replace('#token=', '');
}

export async function subjectsTo(auth: Auth, to: string): Promise<string[]> {
  return (await readInbox(auth, to)).map(({ subject }) => subject);
}
