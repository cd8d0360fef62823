import { capital, type Adviser } from '../briefing.ts';

export const adviseBlog: Adviser = ({ profile, audience, industry, inPlace, budget }) => {
  const amount = budget.amount('blog');
  const each = profile.experience === 'none' ? 1 : 2;
  const money =
    amount > 0
      ? `**Budget.** ${budget.money(amount)} a month: an editor’s eye on ${each === 1 ? 'the article' : 'both articles'} and a picture for each. Write the raw text yourself, or speak it; nobody else knows it as well.`
      : '**Budget.** None. Speak the answer into your telephone, have it typed out and shorten it by half.';
  return {
    title: `Blog: ${each === 1 ? 'one good answer' : 'two good answers'} a month`,
    body: `**What for.** People read up before they decide. Whoever explains best is asked first, and every article also feeds the newsletter and two posts.

**For whom.** ${capital(audience)}. Write for the one question they have this week.

**Six topics to start with.**

1. What does ${industry} cost${inPlace}, and what does the price depend on?
2. Five mistakes people make with ${industry}, and how to avoid them
3. How we work: from the first call to the finished thing
4. A customer’s story: before, during, after, with figures
5. Which of our offers suits whom, and whom none of them suits
6. What we learned this year about “${profile.goals[0] ?? 'our customers'}”

**How.** The answer comes in the first three sentences, the reasons after it. 600 to 900 words, a subheading every 150, a picture of your own, one invitation at the end. Say openly when something is not for everyone; it is the sentence people trust you for.

**Afterwards.** Each article becomes one mail and two posts within a week. After six months, improve the best three instead of writing a new one.

${money}`,
    tasks: [
      {
        channel: 'blog',
        title: 'Collect the 20 questions that customers ask most',
        detail:
          'Look through mails, messages and reviews of the last three months. Their wording becomes the headline.',
        dueInDays: 6,
      },
      {
        channel: 'blog',
        title: 'Publish the article about prices',
        detail:
          'Ranges instead of exact figures are fine. It is the most read page of nearly every business that dares to write it.',
        dueInDays: 22,
      },
      {
        channel: 'blog',
        title: 'Publish a customer’s story',
        detail: 'Interview of 20 minutes, three figures, one picture. Have it approved in writing before it goes out.',
        dueInDays: 52,
      },
      {
        channel: 'blog',
        title: 'Turn the best article into a mail and two posts',
        detail: 'Take the one with the longest reading time. One thought for each post, with a link to the rest.',
        dueInDays: 60,
      },
    ],
    metrics: [{ name: 'Enquiries that began with an article', target: '3 a month by the end of month 3' }],
  };
};
