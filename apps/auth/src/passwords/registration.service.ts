import { type RegisterBody } from '@alva/validation';
import { type Requester } from '../http/requester.ts';
import { type MagicLinks, type SentLink } from '../sign-in/magic-link.service.ts';
import { type Hasher } from './hasher.ts';
import { refuseWeakPassword } from './refuse-weak.ts';

export type Registrations = ReturnType<typeof createRegistrations>;

export function createRegistrations({ magicLinks, hasher }: { magicLinks: MagicLinks; hasher: Hasher }) {
  /**
   * Mails a sign-in link. The account comes into being when it is redeemed, with the name and password given here if that is done
   * in the same browser and the address had no account; otherwise they are dropped. The same work, hashing included, for every
   * address. Without name and password it is what the browser that has `formerSecret` registered before: the mail is asked for
   * once more.
   */
  async function register(
    { name, password, ...body }: RegisterBody,
    requester: Requester,
    { formerSecret }: { formerSecret: string | undefined },
  ): Promise<SentLink> {
    // Whatever can be refused is, before anything is hashed.
    magicLinks.refuse(body);
    if (password !== undefined) refuseWeakPassword(password, { email: body.email, name });
    const passwordHash = password === undefined ? null : await hasher.hash(password);
    if (name === undefined && passwordHash === null) return magicLinks.send(body, requester, { formerSecret });
    return magicLinks.send(body, requester, { registration: { name: name ?? null, passwordHash } });
  }

  return { register };
}
