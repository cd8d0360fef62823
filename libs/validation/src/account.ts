import { z } from 'zod';
import { emailAddress } from './email-address.ts';
import { secretToken } from './magic-links.ts';
import { person } from './people.ts';
import { identifier, line, timestamp } from './primitives.ts';

/** A change of address that waits for one or both mailboxes. */
const pendingEmailChange = z.object({
  email: z.string().describe('The address that the account is to have'),
  oldConfirmed: z.boolean(),
  newConfirmed: z.boolean(),
  expiresAt: timestamp,
});

/** Answer of `GET /auth/me`. */
export const account = person
  .extend({ emailChange: pendingEmailChange.nullable().describe('A change of address under way') })
  .meta({ id: 'Account' });
export type Account = z.infer<typeof account>;

/** Body of `PATCH /auth/me`. */
export const changeMeBody = z.strictObject({ name: line(100).nullable() }).meta({ id: 'ChangeMe' });

/** Body of `POST /auth/me/email`. */
export const changeEmailBody = z.strictObject({ email: emailAddress });

/** Seconds; the same whether anybody has the new address or not. */
export const changeEmailAnswer = z.object({ expiresIn: z.number().int() });
export type ChangeEmailAnswer = z.infer<typeof changeEmailAnswer>;

/** What a mailed link brings back. */
export const mailedTokenBody = z.strictObject({ token: secretToken });

/** Which mailbox has yet to agree. */
export const emailChangeProgress = z.object({ state: z.enum(['waiting-for-old', 'waiting-for-new', 'moved']) });
export type EmailChangeProgress = z.infer<typeof emailChangeProgress>;

/** Body of `DELETE /auth/me`: typed by hand, so that nobody deletes the wrong account by a click. */
export const deleteMeBody = z.strictObject({ email: emailAddress.describe('The address of the account') });

export const deletionAnswer = z.object({ deletionDueAt: timestamp });

/** A copy of one's data that was asked for. */
export const dataExport = z
  .object({ state: z.enum(['queued', 'ready']), askedAt: timestamp, expiresAt: timestamp })
  .meta({ id: 'DataExport' });
export type DataExport = z.infer<typeof dataExport>;

/** What auth holds of a person, by what it is about; columns as they are stored. */
export const exportedAccount = z.record(z.string(), z.array(z.record(z.string(), z.unknown())));
export type ExportedAccount = z.infer<typeof exportedAccount>;

/** What the api holds of a person. */
export const exportedWork = z.object({
  profile: z.unknown(),
  plans: z.array(z.record(z.string(), z.unknown())),
  jobs: z.array(z.record(z.string(), z.unknown())),
  chats: z.array(z.record(z.string(), z.unknown())),
  usage: z.array(z.record(z.string(), z.unknown())),
  dailyTokens: z.number().nullable(),
  documents: z.array(z.record(z.string(), z.unknown())),
});

/** On the queue `exports`. */
export const exportDelivery = z.strictObject({ exportId: identifier });
export type ExportDelivery = z.infer<typeof exportDelivery>;

/** On the queue `user-deleted`, from auth to the api: forget this person, and say so. */
export const userDeletedDelivery = z.strictObject({ deletionId: identifier, userId: identifier });
export type UserDeletedDelivery = z.infer<typeof userDeletedDelivery>;

/** On the queue `user-forgotten`, back: nothing of that person is left. */
export const userForgottenDelivery = z.strictObject({ deletionId: identifier });
export type UserForgottenDelivery = z.infer<typeof userForgottenDelivery>;
