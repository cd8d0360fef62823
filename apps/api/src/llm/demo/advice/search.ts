import { opening, type Adviser } from '../briefing.ts';

export const adviseSearch: Adviser = ({ profile, place, budget }) => {
  const industry = profile.industry.toLowerCase();
  const amount = budget.amount('seo');
  const money =
    amount > 0
      ? `**Budget.** ${budget.money(amount)} a month. First month: an hour or two of someone who makes the page load in under two seconds on a phone. After that: entries in two directories that people in ${place} really use, and texts.`
      : '**Budget.** None. Everything here is done by hand, an hour a week.';
  const explain =
    profile.experience === 'none'
      ? 'It works slowly and then stays: count on eight to twelve weeks until it shows.\n\n'
      : '';
  return {
    title: 'Search: be found without paying for it',
    body: `${explain}**The map first.** For “${industry} ${place}” the map with three entries stands above everything else. Fill in your business profile completely: category, hours, holidays, ten pictures, prices. Add a picture and one short post each week.

**Reviews.** Ask every content customer on the same day, with a direct link. Two new ones a week beat fifty old ones. Answer all of them, the bad ones first and within a day.

**Pages.** One page for each thing people look for, with the words they use:

- “${industry} in ${place}”: who you are, prices from, how to get there
- one page for each of your three most important offers
- “${opening(profile.goals[0] ?? 'questions and answers', 60)}”: the question behind it, answered plainly

Each page: the words in the title, one picture of your own with a description, 300 words that help, the one invitation.

**The technical minimum.** https, fast on a phone, every page reachable in two clicks, one title for each page, a sitemap handed in to the search console.

${money}`,
    tasks: [
      {
        channel: 'seo',
        title: 'Complete the business profile on the map',
        detail:
          'All fields, ten pictures, holiday hours. Check that name, address and telephone are written exactly as on the website.',
        dueInDays: 3,
      },
      {
        channel: 'seo',
        title: 'Make asking for reviews a habit',
        detail:
          'Print the direct link as a QR code and put it on the receipt or in the closing mail. Aim for two a week.',
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
        detail: 'One a week. Link each from the start page and from the map profile.',
        dueInDays: 35,
      },
    ],
    metrics: [{ name: 'Reviews on the map', target: '20 new ones in 90 days, 4.6 stars or better' }],
  };
};
