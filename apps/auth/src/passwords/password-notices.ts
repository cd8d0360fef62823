import { randomUUID } from 'node:crypto';
import { type FastifyBaseLogger } from 'fastify';
import { describeDevice, type Requester } from '../http/requester.ts';
import { type Mailer } from '../mail/mailer.ts';
import { passwordChangedEmail } from './password-changed.email.ts';

export type PasswordNotices = ReturnType<typeof createPasswordNotices>;

/** Worth reading for a day; after that the audit trail is the place to look. */
const lifetime = 86_400;

/** Tells the owner. The change is committed by then: whatever fails here must not look as if it had not happened. */
export function createPasswordNotices({
  mailer,
  log,
  webUrl,
}: {
  mailer: Mailer;
  log: Pick<FastifyBaseLogger, 'error'>;
  webUrl: string;
}) {
  return {
    async changed(to: string, byLink: boolean, { userAgent, requestId }: Requester): Promise<void> {
      const device = describeDevice(userAgent);
      const mail = passwordChangedEmail({ to, byLink, device, forgotUrl: `${webUrl}/sign-in/forgot` });
      await mailer
        .send(randomUUID(), mail, { lifetime })
        .catch((err: unknown) =>
          log.error({ err, requestId }, 'the notice about a changed password could not be mailed'),
        );
    },
  };
}
