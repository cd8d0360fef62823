import type { Advice, Adviser, Briefing } from '../briefing.ts';
import { forecastClicks } from '../click-price.ts';

const title = 'Paid search: be there when somebody looks';

export const advisePaidSearch: Adviser = (briefing) => {
  const { profile, region, budget, toBusinesses } = briefing;
  const amount = budget.amount('ppc');
  if (amount === 0) return rest(briefing);
  const forecast = forecastClicks(profile, amount, toBusinesses);
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
  const expected = forecast
    ? `At ${forecast.price.toFixed(2)} ${profile.monthlyBudget.currency} a click (an assumption: the first two weeks show the real price) it buys about ${forecast.clicks.toLocaleString('en')} visits and, if one in twenty gets in touch, about ${several(forecast.enquiries)}.`
    : 'What a click costs you, and so what this buys, nobody can say beforehand: the free keyword planner names a range, the first two weeks the price.';
  return {
    title,
    body: `${beginner}**Budget.** ${budget.money(amount)} a month, ${pace}. ${expected}

**Words to pay for.** Only those of people who want to buy now:

${wordsToPayFor(briefing)}

**Words to exclude from day one.** jobs, salary, course, free, DIY, used, wholesale.

**One advert to start with.** Headline: “${profile.businessName}${region === undefined ? '' : `, ${region}`}”. Second line: your promise. Third: the one invitation, with a reason to act this week. Lead to a page about exactly that offer, never to the start page.

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
        detail: `Exact and phrase match only, limited to ${region ?? 'the countries you sell to'} and to the hours when somebody answers.`,
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
        target: forecast
          ? `${forecast.enquiries.toLocaleString('en')} a month at less than ${budget.money(Math.ceil(amount / forecast.enquiries))} each`
          : 'counted from the first day; after four weeks, fewer words and a price for each that you can pay',
      },
    ],
  };
};

/** There is nothing to pay clicks with. */
function rest(briefing: Briefing): Advice {
  return {
    title,
    body: `**Budget.** None, and without money for clicks this channel rests: nothing is shown that is not paid for. What can be done by hand helps the others meanwhile.

**Words to know.** People who want to buy now type words like these:

${wordsToPayFor(briefing)}

Look them up in the free keyword planner, note how often they are typed, and use those of your customers on your page and in your posts.

**When to begin.** Once there is money for about a hundred clicks a month, by the prices that the planner names. With fewer, chance looks like a result. Begin with one offer, one page about exactly that, and at most ten of the words above.`,
    tasks: [
      {
        channel: 'ppc',
        title: 'Look up in the keyword planner what people type',
        detail: 'One hour, no money: write down ten words, how often each is typed, and what a click would cost.',
        dueInDays: 16,
      },
    ],
    metrics: [],
  };
}

function wordsToPayFor({ industry, region, toBusinesses, inEnglish }: Briefing): string {
  const words = [
    ...(region === undefined ? [industry, ...(inEnglish ? [`best ${industry}`] : [])] : [`${industry} ${region}`]),
    ...(toBusinesses ? [`${industry} demo`, `${industry} alternatives`] : []),
    ...(inEnglish && region !== undefined && !toBusinesses ? [`${industry} near me`, `${industry} open now`] : []),
  ];
  const offers =
    region === undefined
      ? 'your two best-selling offers, by the names that customers use'
      : `your two best-selling offers, each with “${region}”`;
  const missing =
    region === undefined
      ? '\n\nYour profile names no region, so none of these is local. If people come to you, name it there and ask for a new plan.'
      : '';
  return `${words.map((word) => `- “${word}”`).join('\n')}\n- ${offers}${missing}`;
}

function several(enquiries: number): string {
  return enquiries === 1 ? 'one enquiry' : `${enquiries.toLocaleString('en')} enquiries`;
}
