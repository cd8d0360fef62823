import { renderLetter } from '../mail/letter.ts';
import { type Mail } from '../mail/mail.ts';

export interface DeletionAskedLetter {
  readonly to: string;
  readonly dueAt: Date;
  readonly link: string;
}

export function deletionAskedEmail({ to, dueAt, link }: DeletionAskedLetter): Mail {
  const day = new Intl.DateTimeFormat('en', { dateStyle: 'long', timeZone: 'UTC' }).format(dueAt);
  return renderLetter({
    kind: 'deletion-asked',
    to,
    subject: 'Your Alva account will be deleted',
    preview: `You can keep it until ${day}.`,
    heading: 'Your account will be deleted',
    paragraphs: [
      `You asked for it, so you were signed out everywhere. On ${day} your account goes for good, with all plans, answers and tasks.`,
      'Until then you can keep it, here, or in the app once you have signed in. Signing in alone does not keep it.',
    ],
    action: { label: 'Keep my account', link },
    footnotes: [
      'If it was not you, keep the account and then look through the sessions and the security settings: someone was signed in as you.',
    ],
  });
}

export function accountDeletedEmail({ to }: { to: string }): Mail {
  return renderLetter({
    kind: 'account-deleted',
    to,
    subject: 'Your Alva account was deleted',
    preview: 'Everything that belonged to it is gone.',
    heading: 'Your account was deleted',
    paragraphs: [
      'As you asked, your account is gone, and so are your plans, answers and tasks. Nobody can bring them back.',
      'Backups that hold older copies are overwritten in time. This is our last letter to you.',
    ],
    footnotes: ['Thank you for having been here.'],
  });
}
