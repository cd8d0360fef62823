import { capital, opening, type Adviser } from '../briefing.ts';

export const advisePositioning: Adviser = ({
  profile,
  audience,
  industry,
  inPlace,
  toBusinesses,
  budget,
  weeklyHours,
}) => {
  const { businessName, website } = profile;
  const tone = profile.tone ?? 'warm and to the point';
  const page = website ?? 'your website';
  const spend =
    budget.amount('positioning') > 0
      ? `Set aside ${budget.money(budget.amount('positioning'))} a month for photos, small repairs to the page and measuring; good pictures of your own pay for themselves on every channel.`
      : `Plan one of your ${weeklyHours} weekly hours for it during the first two weeks.`;
  return {
    title: 'One clear promise',
    body: `**Who it is for.** ${capital(audience)}. Speak to one of these people, not to everybody: whoever feels meant tells others.

**What you promise.** Finish this sentence and use it everywhere, word for word: “${businessName} is the ${industry}${inPlace} for ${toBusinesses ? 'companies that' : 'people who'} …”. What you told us is a good start: “${opening(profile.description, 160)}.”

**Why believe it.** Collect three proofs: a number (years, customers, pieces sold), a sentence by a customer with a name, and a picture of the work being done. Put all three above the fold of ${page}.

**How it sounds.** ${capital(tone)}. Read a text aloud; if you would not say it to a customer’s face, rewrite it.

**One next step.** Every page and every post ends in the same invitation, such as a call, a booking or a visit. Two invitations halve the answers to each.

${spend}`,
    tasks: [
      {
        channel: 'positioning',
        title: 'Write the one-sentence promise and test it on five customers',
        detail: 'Ask each: “What would you tell a friend we do?” Keep the words that at least three of them use.',
        dueInDays: 4,
      },
      {
        channel: 'positioning',
        title: 'Put promise, three proofs and one invitation at the top of the start page',
        detail:
          'It must fit on a phone screen without scrolling. Ask someone who has never seen it what you offer; give them five seconds.',
        dueInDays: 9,
      },
      {
        channel: 'positioning',
        title: 'Ask every new customer how they found you',
        detail: `${toBusinesses ? 'A field in the form and a question in the first call are' : 'A list by the till or a field in the form is'} enough. It is the only figure that covers all channels at once.`,
        dueInDays: 7,
      },
    ],
    metrics: [{ name: 'New customers who were asked how they found you', target: '9 out of 10, from week 2 on' }],
  };
};
