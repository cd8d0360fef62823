import { capital, type Approach } from '../briefing.ts';

export const socialApproaches: readonly Approach[] = [
  {
    meets: /partner|neighbour|neighbor|local|communit|together|collab|event|follow|reach|grow/i,
    write: ({ profile, audience, inPlace, budget }) => {
      const amount = budget.amount('social');
      return {
        title: 'Social media: borrow the neighbours’ audience',
        body: `**The idea.** ${capital(audience)} follow somebody already: the shop next door, the club, the local paper. It is quicker to be guests there than to gather followers of your own.

**The list.** Twelve accounts${inPlace} that these people follow and that sell nothing you sell. Sort them by how well you know the person behind; begin with the warmest four.

**What you offer.** Not “share us”. Something their readers are glad of: a small series together, a thing to win that both give, a picture of their work in your place. Write two sentences and one example, to the person, by name.

**Rhythm.** One joint post every two weeks, on both accounts the same day. In between one post of your own a week, so that whoever comes over finds something alive.

**Giving first.** Five honest comments a week under their posts. After a month you are no stranger to anyone on the list.

${amount > 0 ? `**Budget.** ${budget.money(amount)} a month for what is given away and for the pictures; ${profile.businessName} buys no reach with it.` : '**Budget.** None: give away what you make yourself.'}

**Counting.** Ask each new customer through whom they heard of you. A partner who brought nobody in eight weeks makes room for the next.`,
      };
    },
  },
  {
    meets: /video|clip|film|reel|series|fun|creative|idea|content|less time|time/i,
    write: ({ audience, industry, budget }) => {
      const amount = budget.amount('social');
      return {
        title: 'Social media: one series people wait for',
        body: `**The idea.** Single posts are forgotten; a series is expected. One format, always the same day, always the same beginning, ten parts, then a pause.

**Choosing it.** Three that suit nearly every business; take the one that makes you smile:

- *Ten questions about ${industry}*, one a week, answered in forty seconds
- *From nothing to finished*: the same piece of work, one step a week
- *What we got wrong*: a mistake, what it cost, what you do now

**Making it.** All ten in one afternoon, with a telephone and daylight. The first three seconds show the question or the result, never a greeting. Subtitles always: most people watch without sound.

**While it runs.** Every part ends by asking what the next one should be about. Read what ${audience} write below; the best question becomes part eleven.

**Afterwards.** Put the ten together on one page of your website. Two weeks of silence are fine; then the next series, made of the part that was watched to the end most often.

${amount > 0 ? `**Budget.** ${budget.money(amount)} a month: a microphone and a light first, then a push for the best part only.` : '**Budget.** None. Stand at a window and speak close to the telephone.'}`,
      };
    },
  },
];
