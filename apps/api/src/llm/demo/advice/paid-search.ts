import type { Adviser } from '../briefing.ts';

/** Cautious rules of thumb for local services; the plan says that they are assumptions. */
const clickPrice = 1.4;
const enquiryRate = 0.05;

export const advisePaidSearch: Adviser = ({ profile, place, budget }) => {
  const industry = profile.industry.toLowerCase();
  const amount = budget.amount('ppc');
  const clicks = Math.round(amount / clickPrice);
  const enquiries = Math.max(1, Math.round(clicks * enquiryRate));
  const daily = Math.floor(amount / 30.4);
  const pace =
    daily > 0 ? `that is ${budget.money(daily)} a day` : 'too little for every day: let it run on the five best days';
  const beginner =
    profile.experience === 'none'
      ? 'You pay only when somebody clicks; you decide for which words and how much a day at most.\n\n'
      : '';
  const advanced =
    profile.experience === 'expert'
      ? '\n\n**For you as a practitioner.** Stay on manual bids until 30 conversions have come in, import offline conversions weekly, and keep brand terms in a campaign of their own so that they do not flatter the average.'
      : '';
  const money =
    amount > 0
      ? `**Budget.** ${budget.money(amount)} a month, ${pace}. At ${clickPrice.toFixed(2)} ${profile.monthlyBudget.currency} a click (an assumption: the first two weeks show the real price) it buys about ${clicks} visits and, if one in twenty gets in touch, about ${enquiries} enquiries.`
      : '**Budget.** Without money for clicks this channel rests. Use the free keyword planner for the words below all the same: they help your page and posts.';
  return {
    title: 'Paid search: be there when somebody looks',
    body: `${beginner}${money}

**Words to pay for.** Only those of people who want to buy now:

- “${industry} ${place}”, “${industry} near me”
- “${industry} open now”, “book ${industry}”
- your two best-selling offers, each with “${place}”

**Words to exclude from day one.** jobs, salary, course, free, DIY, used, wholesale.

**One advert to start with.** Headline: “${profile.businessName}, ${place}”. Second line: your promise. Third: the one invitation, with a reason to act this week. Lead to a page about exactly that offer, never to the start page.

**Rule for stopping.** A word that has cost as much as one sale earns, without bringing an enquiry, is switched off. Look once a week, for twenty minutes, always on the same day.${advanced}`,
    tasks: [
      {
        channel: 'ppc',
        title: 'Set up conversion measurement before the first advert runs',
        detail: 'Count calls, forms and bookings as conversions. Without it every later decision is a guess.',
        dueInDays: 8,
      },
      {
        channel: 'ppc',
        title: `Start one campaign with at most ten keywords${daily > 0 ? ` and ${budget.money(daily)} a day` : ''}`,
        detail: `Exact and phrase match only, limited to ${place} and to the hours when somebody answers.`,
        dueInDays: 14,
      },
      {
        channel: 'ppc',
        title: 'Read the search terms report and extend the exclusions',
        detail:
          'Expect to exclude a fifth of what people really typed. Repeat every week; it takes ten minutes from the third time on.',
        dueInDays: 24,
      },
    ],
    metrics: [
      {
        name: 'Enquiries from paid search',
        target:
          amount > 0
            ? `${enquiries} a month at less than ${budget.money(Math.ceil(amount / enquiries))} each`
            : 'none until there is a budget',
      },
    ],
  };
};
