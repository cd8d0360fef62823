import { renderLetter } from '../mail/letter.ts';
import { type Mail } from '../mail/mail.ts';

export interface StepUpLetter {
  readonly to: string;
  readonly code: string;
  readonly lifetimeMinutes: number;
  readonly device: string;
}

export function stepUpEmail({ to, code, lifetimeMinutes, device }: StepUpLetter): Mail {
  return renderLetter({
    kind: 'step-up',
    to,
    subject: 'Confirm that it is you at Alva',
    preview: `Type the code within ${lifetimeMinutes} minutes.`,
    heading: 'Confirm that it is you',
    paragraphs: ['You are about to change something important about your account.'],
    code: {
      label: `Type this code where you were asked for it. It is good for ${lifetimeMinutes} minutes:`,
      value: code,
    },
    facts: [['Device', device]],
    footnotes: [
      'If it was not you, somebody uses your session: end your sessions in the settings. Never pass the code on.',
    ],
  });
}
