import { capital, opening, type Approach } from '../briefing.ts';

export const positioningApproaches: readonly Approach[] = [
  {
    meets: /problem|pain|need|worr|customer|feel|emotion|story|benefit/i,
    write: ({ profile, audience, industry, inPlace }) => ({
      title: 'Start from the problem you take away',
      body: `**The moment before.** ${capital(audience)} do not look for ${industry}; they have a small trouble and want it gone. Write down the sentence somebody says ten minutes before they come to you. That sentence, not your name, is the headline.

**Before and after.** Show both in two lines: what it is like without you, what it is like afterwards. “${opening(profile.description, 120)}” is the after; the before is missing so far.

**How to find the words.** Ask five customers${inPlace} three questions: What was going on when you looked for us? What nearly kept you from coming? What is different now? Use their words unchanged.

**What you leave out.** Everything that is about you before it is about them: history, equipment, awards. It may come further down, as proof.

**The test.** Read the headline to somebody who does not know you. If they say “that is me” or name somebody it fits, keep it; if they nod politely, try the next sentence of a customer.`,
    }),
  },
  {
    meets: /compet|differ|unique|stand out|special|other|price|cheap|quality/i,
    write: ({ profile, audience, inPlace }) => ({
      title: 'Be the other choice, not one more',
      body: `**Who else they could take.** Write down the three names that ${audience} think of first${inPlace}, and doing nothing as the fourth. Beside each: what it is best at. Do not fight there.

**Your corner.** Look for what is true of ${profile.businessName}, matters to these people, and that none of the four can say. Often it is narrow: one hour of the day, one sort of customer, one way of doing it. Narrow is good; it can be remembered.

**Say what you are not.** One honest sentence about who is better served elsewhere makes the rest believable: “If you want it cheapest, we are not it. If you want … , we are.”

**Make it visible.** The difference has to show in things, not adjectives: a guarantee with a number, a picture no other could take, a rule you never break.

**Every quarter.** Look at the four once more. If one of them now says the same, your corner has moved and the sentence changes.`,
    }),
  },
];
