import { capital, type Adviser } from '../briefing.ts';
import { themes, wants } from '../themes.ts';

export const adviseSocial: Adviser = ({ profile, audience, region, inPlace, toBusinesses, budget }) => {
  const network = toBusinesses ? 'LinkedIn' : 'Instagram';
  const amount = budget.amount('social');
  const boost = Math.floor(amount * 0.7);
  const posts = profile.experience === 'none' ? 2 : 3;
  const awareness = wants(profile, themes.awareness);
  const money =
    amount > 0
      ? `**Budget.** ${budget.money(amount)} a month: ${budget.money(boost)} to show the best post of each fortnight to ${region === undefined ? 'more people of this kind' : `people in ${region}`}, ${budget.money(amount - boost)} for pictures and small thank-yous. Never promote a post that did not do well by itself.`
      : `**Budget.** None. Spend the time on answers and on comments under the posts of neighbours; it brings more than a fourth post a week.`;
  return {
    title: `Social media: one network, ${posts} posts a week`,
    body: `**Where.** ${network}, and only there. ${capital(audience)}: it is where they can be met with the least effort, and one living account beats three sleepy ones.

**What.** A rhythm that needs no ideas:

1. *Monday, the work:* thirty seconds of something being made or solved. No script, good light, first second without a logo.
2. *Thursday, the people:* a customer, a colleague, a question you were asked this week and the answer.
${posts > 2 ? '3. *Saturday, the offer:* one thing, one price, one way to get it.\n' : ''}
**How.** The first line is the reason to stop scrolling; the last one asks something that can be answered in three words. Reply to every comment within a day: that is what ${awareness ? 'makes you known' : 'turns readers into customers'}.

${money}

**When it is not working.** If after six weeks no post has reached twice your number of followers, change the format of the Monday post first and nothing else.`,
    tasks: [
      {
        channel: 'social',
        title: `Tidy up the ${network} profile: promise, ${region === undefined ? 'picture' : 'place'}, one link`,
        detail: 'Profile picture recognisable at the size of a fingernail; pin the three posts that explain you best.',
        dueInDays: 5,
      },
      {
        channel: 'social',
        title: 'Film six short clips in one afternoon',
        detail: `Two hours, one shirt, six topics: that covers ${Math.round(6 / posts)} weeks and takes the pressure off.`,
        dueInDays: 12,
      },
      {
        channel: 'social',
        title: `Find ten accounts${inPlace} that your customers follow`,
        detail: 'Comment on each with substance once a week. Suggest a post together to the two that answer.',
        dueInDays: 20,
      },
      {
        channel: 'social',
        title: 'Compare the posts of six weeks and repeat the best format',
        detail: 'Sort by saves and shares, not by likes. Make three more of whatever is on top.',
        dueInDays: 50,
      },
    ],
    metrics: [{ name: `Saves and shares on ${network}`, target: 'doubled between week 2 and week 12' }],
  };
};
