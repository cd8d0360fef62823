import type { Adviser } from '../briefing.ts';
import { themes, wants } from '../themes.ts';

export const adviseEmail: Adviser = ({ profile, budget, toBusinesses }) => {
  const { businessName } = profile;
  const amount = budget.amount('email');
  const loyalty = wants(profile, themes.loyalty);
  const money =
    amount > 0
      ? `**Budget.** ${budget.money(amount)} a month covers the sending service and a small welcome gift worth ${budget.money(Math.min(amount, Math.max(2, Math.round(amount / 20))))} for each of the first new readers.`
      : '**Budget.** None needed: up to about 500 readers the usual services are free.';
  const explain =
    profile.experience === 'none'
      ? 'The list belongs to you: no network can take it away or charge you for reaching it. '
      : '';
  return {
    title: 'E-mail: the people who said yes',
    body: `${explain}${loyalty ? 'For what you want, this is the strongest channel: nobody buys more readily than somebody who has bought before.' : 'It costs almost nothing and sells to people who know you already.'}

**Getting addresses.** Ask where people are content: ${toBusinesses ? 'after a good call, below an offer, on the thank-you page' : 'after paying, on the receipt, on the thank-you page'}. Say what they get and how often: “One useful mail a month from ${businessName}, and first choice when something is scarce.” Use a confirmation mail (double opt-in); it keeps the list clean and lawful.

**Three mails that run by themselves.**

- *At once:* thank you, the promise, the gift.
- *After 3 days:* the one question new customers always ask, answered.
- *After 14 days:* an invitation with an end date.

**One mail a month by hand.** A story, a tip, an offer, in this order, together under 200 words. Send it on a Tuesday or Thursday at ten; test another time only once there are 300 readers.

${money}

**Good manners.** One click to leave, no bought addresses, and no mail without something in it for the reader.`,
    tasks: [
      {
        channel: 'email',
        title: 'Choose a sending service and set up SPF, DKIM and DMARC',
        detail: 'The service shows the three records to add to your domain. Without them good mails end as spam.',
        dueInDays: 10,
      },
      {
        channel: 'email',
        title: 'Write the three welcome mails',
        detail: 'Each under 150 words with one link. Send them to yourself first and read them on a phone.',
        dueInDays: 18,
      },
      {
        channel: 'email',
        title: 'Put the sign-up where people are content',
        detail: `${toBusinesses ? 'Thank-you page, offer, signature of your mails' : 'Thank-you page, receipt, counter'}. Count sign-ups for each place for two weeks and keep the best two.`,
        dueInDays: 21,
      },
      {
        channel: 'email',
        title: 'Send the first monthly mail',
        detail:
          'One story, one tip, one offer. Answer every reply yourself; the first replies are worth more than any figure.',
        dueInDays: 30,
      },
    ],
    metrics: [{ name: 'Confirmed readers', target: '100 after 90 days, with at least 35 % opening' }],
  };
};
