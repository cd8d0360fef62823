import { renderLetter } from '../mail/letter.ts';
import { type Mail } from '../mail/mail.ts';

/** The link leads to the settings, where one has to be signed in: the letter alone opens nothing. */
export function exportReadyEmail({ to, link }: { to: string; link: string }): Mail {
  return renderLetter({
    kind: 'export-ready',
    to,
    subject: 'Your Alva data is ready',
    preview: 'Download it within a day.',
    heading: 'Your data is ready',
    paragraphs: ['The copy of your data that you asked for can be downloaded from your settings for a day.'],
    action: { label: 'Open the settings', link },
    footnotes: [
      'If you did not ask for it, someone is signed in as you: look through your sessions and end those that you do not know.',
    ],
  });
}
