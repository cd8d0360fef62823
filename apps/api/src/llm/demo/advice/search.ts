import { opening, type Advice, type Adviser } from '../briefing.ts';

export const adviseSearch: Adviser = ({ profile, industry, region, inPlace, toBusinesses, budget }) => {
  const amount = budget.amount('seo');
  const money =
    amount > 0
      ? `**Budget.** ${budget.money(amount)} a month. First month: an hour or two of someone who makes the page load in under two seconds on a phone. After that: entries in two directories that ${region === undefined ? 'your customers' : `people in ${region}`} really use, and texts.`
      : '**Budget.** None. Everything here is done by hand, an hour a week.';
  const explain =
    profile.experience === 'none'
      ? 'It works slowly and then stays: count on eight to twelve weeks until it shows.\n\n'
      : '';
  const first =
    region === undefined
      ? `**The words first.** What people type who look for what you do, and what the pages that stand on top have in common, decides what you write. Your profile names no region, so this leaves out the map; if people come to you, name it there and ask for a new plan.`
      : `**The map first.** For “${industry} ${region}” the map with three entries stands above everything else. Fill in your business profile completely: category, hours, holidays, ten pictures, prices. Add a picture and one short post each week.`;
  const begin: Advice['tasks'][number] =
    region === undefined
      ? {
          channel: 'seo',
          title: 'Write down the ten searches you want to be found by',
          detail:
            'Ask five customers what they would type. Look at the first three results for each: what do they answer?',
          dueInDays: 3,
        }
      : {
          channel: 'seo',
          title: 'Complete the business profile on the map',
          detail:
            'All fields, ten pictures, holiday hours. Check that name, address and telephone are written exactly as on the website.',
          dueInDays: 3,
        };
  return {
    title: 'Search: be found without paying for it',
    body: `${explain}${first}

**Reviews.** Ask every content customer on the same day, with a direct link. ${toBusinesses ? 'Two new ones a month' : 'Two new ones a week'} beat fifty old ones. Answer all of them, the bad ones first and within a day.

**Pages.** One page for each thing people look for, with the words they use:

- “${industry}${inPlace}”: who you are, prices from, how to ${region === undefined ? 'begin' : 'get there'}
- one page for each of your three most important offers
- “${opening(profile.goals[0] ?? 'questions and answers', 60)}”: the question behind it, answered plainly

Each page: the words in the title, one picture of your own with a description, 300 words that help, the one invitation.

**The technical minimum.** https, fast on a phone, every page reachable in two clicks, one title for each page, a sitemap handed in to the search console.

${money}`,
    tasks: [
      begin,
      {
        channel: 'seo',
        title: 'Make asking for reviews a habit',
        detail: toBusinesses
          ? 'Put the direct link into the mail that closes a project, and ask in the call after it. Aim for two a month.'
          : 'Print the direct link as a QR code and put it on the receipt or in the closing mail. Aim for two a week.',
        dueInDays: 11,
      },
      {
        channel: 'seo',
        title: 'Open the search console and note the starting point',
        detail:
          'Write down clicks and impressions of the last 28 days and the ten most frequent queries. Compare every four weeks.',
        dueInDays: 13,
      },
      {
        channel: 'seo',
        title: 'Publish the pages for the three most important offers',
        detail: 'One a week. Link each from the start page.',
        dueInDays: 35,
      },
    ],
    metrics: [
      toBusinesses
        ? { name: 'Reviews by customers', target: '6 new ones in 90 days, each by name' }
        : { name: 'Reviews', target: '20 new ones in 90 days, 4.6 stars or better' },
    ],
  };
};
