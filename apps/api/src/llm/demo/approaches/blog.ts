import { capital, type Approach } from '../briefing.ts';

export const blogApproaches: readonly Approach[] = [
  {
    meets: /stor|case|customer|example|proof|trust|interview|people|personal/i,
    write: ({ audience, budget }) => {
      const amount = budget.amount('blog');
      return {
        title: 'Blog: real cases instead of advice',
        body: `**What for.** Anybody can have advice written by now. What nobody else has are your cases: they show what it is like to be your customer.

**One case a month.** Ring up a customer who was content and ask for twenty minutes. Five questions: What was it like before? What had you tried? Why us? What was hard on the way? What can you measure or see now?

**How it is built.** The result in the first line, with a number. Then the trouble, what you did, what went wrong in between (something always does), and a sentence in the customer’s own words. 500 words, two pictures, no adjectives.

**Which cases first.** Choose them by the customers you want more of. ${capital(audience)}: somebody exactly like that should be the first three.

**Permission.** In writing, before it goes out, with the final text. Offer to leave out the name; a case without a name is still better than none.

**Where else it works.** As an answer to an enquiry: “we had something like that, here is how it went”. ${amount > 0 ? `${budget.money(amount)} a month pays for the photographs and a good proofreader, not for somebody who makes it up.` : 'It costs nothing but the telephone call.'}`,
      };
    },
  },
  {
    meets: /long|guide|deep|reference|expert|few|one|evergreen|search|seo|traffic|time|less/i,
    write: ({ industry, inPlace, budget }) => {
      const amount = budget.amount('blog');
      return {
        title: 'Blog: one guide that stays',
        body: `**What for.** One page that answers everything about choosing ${industry}${inPlace}, kept up to date, beats twelve short pieces that are old after a month. It is what others link to.

**What belongs in it.** In the order in which people ask: what it is good for and when not, what it costs and why, how to recognise a good one, what can go wrong, what to do first. A table of contents on top, each part readable on its own.

**Week by week.** Write one part a week, 300 words, and publish it at once at its final place. After six weeks the guide stands; from then on only improve.

**What makes it yours.** Figures from your own work that nobody else has: how long it really takes, what people choose, what they regret. Say from how many cases they come.

**Looking after it.** First Monday of the month, one hour: correct prices, answer two new questions, put the date on top. Ask three neighbours or suppliers to link to it.

${amount > 0 ? `**Budget.** ${budget.money(amount)} a month: first for pictures and a clear layout, later for keeping it correct.` : '**Budget.** None; it is hours, not money.'}`,
      };
    },
  },
];
