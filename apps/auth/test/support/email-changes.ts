import { newAddress, type Auth } from './auth.ts';
import { type Bearer } from './admin.ts';
import { ask } from './browser.ts';
import { tokenInLetter, tokenOf } from './letters.ts';
import { waitForMail } from './sign-in.ts';

/** Moving accounts, as both mailboxes see it. */
export function openMoves(auth: Auth) {
  const toOld = /^Allow a new address/;
  const toNew = /^Confirm your new address/;
  const moved = /has a new address/;

  const confirm = (token: string, at = auth) =>
    ask(`${at.url}/auth/email-change/confirm`, { method: 'POST', body: { token } });
  const undo = (token: string) => ask(`${auth.url}/auth/email-change/undo`, { method: 'POST', body: { token } });

  async function addressOf(id: string): Promise<string> {
    const [row] = await auth.database.sql<{ email: string }[]>`select email from auth.users where id = ${id}`;
    return row?.email ?? '';
  }

  /** Asks, and reads both mails. */
  async function begin(person: Pick<Bearer, 'email' | 'send'>, to = newAddress()) {
    const answer = await person.send('POST', '/auth/me/email', { email: to });
    if (answer.status !== 202) throw new Error(`No move was begun: ${answer.status} ${answer.text}`);
    const mail = await waitForMail(auth, person.email, ({ subject, text }) => toOld.test(subject) && text.includes(to));
    return { to, old: tokenOf(mail), new: await tokenInLetter(auth, to, toNew) };
  }

  /** All the way. */
  async function move(person: Pick<Bearer, 'email' | 'send'>, to?: string) {
    const change = await begin(person, to);
    await confirm(change.old);
    const answer = await confirm(change.new);
    if (answer.status !== 200) throw new Error(`The account did not move: ${answer.status} ${answer.text}`);
    const letter = await waitForMail(
      auth,
      person.email,
      ({ subject, text }) => moved.test(subject) && text.includes(change.to),
    );
    return { to: change.to, undo: tokenOf(letter) };
  }

  return { toOld, confirm, undo, addressOf, begin, move };
}
