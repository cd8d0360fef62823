import type { Approach } from '../briefing.ts';

export const searchApproaches: readonly Approach[] = [
  {
    meets: /question|content|page|text|write|article|answer|topic|keyword|word/i,
    write: ({ industry, region, budget }) => {
      const amount = budget.amount('seo');
      return {
        title: 'Search: answer what people really type',
        body: `**The idea.** You need no better page about yourself but a page for every question that leads to you. Ten small, exact answers bring more than one beautiful start page.

**Finding the questions.** Type “${industry}” and each of these words into a search and write down what is suggested: how, what does, which, without, versus${region === undefined ? '' : `, ${region}`}. Add what people asked you on the telephone this month. Keep the ten after which somebody would buy.

**One page for each.** The question as its title, word for word. The answer in the first two sentences, complete, so that somebody who reads no further is served. Then how you know, an example, and the next step.

**How they hang together.** Each page links to the next question people have, and to the one offer that fits. No page stands alone.

**Rhythm.** One a week. Wait eight weeks before you judge; then look in the search console for pages that stand between place 5 and 20 and improve those first. It is the quickest gain there is.

${amount > 0 ? `**Budget.** ${budget.money(amount)} a month: somebody who shortens what you wrote, and once an hour for speed on telephones.` : '**Budget.** None; an hour and a half a week.'}`,
      };
    },
  },
  {
    meets: /link|press|partner|author|reputation|backlink|director|mention|local|trust/i,
    write: ({ profile, region, budget }) => {
      const amount = budget.amount('seo');
      return {
        title: 'Search: be mentioned by those who count',
        body: `**The idea.** Search engines trust whom others mention. ${region === undefined ? 'A' : `In ${region} a`} dozen good mentions are enough to pass most rivals, and they are had by asking.

**Five sources, easiest first.**

1. *Suppliers and makers* whose goods you use: most have a page “where to find us”.
2. *Clubs, schools and events* you support anyway: ask for a line with a link instead of a logo.
3. *Chamber, guild, town:* their directories are dull and worth more than paid ones.
4. *The local paper:* a figure nobody else has, sent with a picture on a Monday morning. Ask “shall I send you more?” and nothing else.
5. *Neighbours* you would recommend: a list of favourites on your page, and tell them that they are on it.

**The rule.** One request a week, to a person, in three sentences, with the finished line to paste. Thank everyone; remind once after ten days.

**What you never do.** Buy links, swap them in circles, or write under other people’s articles.

**So that it counts.** Name, address and telephone of ${profile.businessName} are written exactly alike everywhere. Correct the old entries first; wrong ones do harm.

${amount > 0 ? `**Budget.** ${budget.money(amount)} a month for memberships and for what you support anyway; no agency for links.` : '**Budget.** None.'}`,
      };
    },
  },
];
