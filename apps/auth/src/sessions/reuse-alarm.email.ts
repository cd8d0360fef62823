import { renderLetter } from '../mail/letter.ts';
import { type Mail } from '../mail/mail.ts';

export function reuseAlarmEmail({ to, signInUrl }: { to: string; signInUrl: string }): Mail {
  return renderLetter({
    kind: 'reuse-alarm',
    to,
    subject: 'We ended one of your Alva sessions',
    preview: 'An old key of the session came back, so we ended it.',
    heading: 'We ended one of your sessions',
    paragraphs: [
      'A key of that session was used although it had been replaced. That happens when someone copied it, so the session was ended on every device that had it.',
      'Nothing else changed. Sign in again to go on.',
    ],
    action: { label: 'Sign in', link: signInUrl },
    footnotes: ['If this happens again, check the devices you sign in on for software that you do not know.'],
  });
}
