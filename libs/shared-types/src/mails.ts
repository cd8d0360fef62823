/**
 * What became of a mail, in the order in which one state replaces another: reports come late, twice and in any order, and
 * none may take back what a later one said. `withheld`: not offered to anyone, because mail to that address came back.
 * `refused`: by a provider or a server, for good.
 */
export const mailStates = [
  'queued',
  'expired',
  'withheld',
  'sent',
  'delivered',
  'refused',
  'bounced',
  'complained',
] as const;
export type MailState = (typeof mailStates)[number];
