import { type PendingChange } from '../accounts/email-changes.store.ts';
import { moment } from '../command-line.ts';
import { type UserDetailRow } from './users.store.ts';
import { type WayInRow } from './ways-in.store.ts';

/** An account for an operator, one thing a line: who it is, what opens it, and what is under way. */
export function describeAccount(
  user: UserDetailRow,
  waysIn: readonly WayInRow[],
  move: PendingChange | undefined,
): string[] {
  const { id, email, emailVerified, roles, disabledAt, liveSessions, deletionDueAt } = user;
  return [
    `id         ${id}`,
    `email      ${email}${emailVerified ? '' : ' (not proven)'}`,
    `roles      ${roles.join(', ')}`,
    `disabled   ${disabledAt === null ? 'no' : `since ${moment(disabledAt)}`}`,
    `sessions   ${liveSessions} open`,
    'way in     link or code by mail',
    ...waysIn.map(describeWay),
    ...(move ? [`moving to  ${move.email}, until ${moment(move.expiresAt)}: ${agreed(move)}`] : []),
    ...(deletionDueAt === null ? [] : [`deletion   due ${moment(deletionDueAt)}`]),
  ];
}

function describeWay({ kind, name, since, lastUsedAt }: WayInRow): string {
  const used = lastUsedAt === null ? 'never used' : `last used ${moment(lastUsedAt)}`;
  switch (kind) {
    case 'password':
      return `way in     password, set ${moment(since)}`;
    case 'second-factor':
      return `asks for   a code of an authenticator app, since ${moment(since)}`;
    // Their names are somebody else's words, which a terminal should not take for commands.
    case 'passkey':
      return `way in     passkey ${JSON.stringify(name)}, added ${moment(since)}, ${used}`;
    case 'provider':
      return `way in     account at ${JSON.stringify(name)}, added ${moment(since)}, ${used}`;
  }
}

function agreed({ oldConfirmed, newConfirmed }: PendingChange): string {
  if (oldConfirmed) return 'the old mailbox has agreed';
  return newConfirmed ? 'the new mailbox has agreed' : 'neither mailbox has agreed yet';
}

export function nameOther({ email, disabledAt, liveSessions }: UserDetailRow): string {
  const sessions = liveSessions === 1 ? '1 session' : `${liveSessions} sessions`;
  return `also       ${email}, another account: ${disabledAt === null ? `not disabled, ${sessions} open` : 'disabled'}`;
}
