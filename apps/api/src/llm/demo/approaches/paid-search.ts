import type { Approach } from '../briefing.ts';

export const paidSearchApproaches: readonly Approach[] = [
  {
    meets: /test|try|small|careful|risk|cheap|less|landing|page|learn|begin/i,
    write: ({ profile, region, budget }) => {
      const amount = budget.amount('ppc');
      const half = Math.floor(amount / 2);
      return {
        title: 'Paid search: two weeks on, two weeks off',
        body: `**The idea.** Rather than a little every day, spend in bursts, learn, and stop. ${amount > 0 ? `${budget.money(amount)} a month: ${budget.money(half)} in the first fortnight, the other ${budget.money(amount - half)} only if the first one earned it.` : 'Without money for clicks, prepare everything so that the first burst can start the day there is some.'}

**One offer, one page.** Choose the single thing that ${profile.businessName} most wants to sell. Build a page for nothing else: what it is, what it costs, what happens after the click, one button. Everything in the advert has to be found again on it within a second.

**Two adverts against each other.** One names the price, one names the result. Same words, same hours${region === undefined ? '' : `, only ${region}`}. After 100 clicks the better one stays; do not judge before.

**The quiet fortnight.** No clicks are bought. Ring up everyone who enquired and ask what they had typed and what made them hesitate. Change the page by that, never the bids.

**When to end it for good.** After three bursts in which an enquiry costs more than a sale earns. Then the money goes to the channel that did better.`,
      };
    },
  },
  {
    meets: /repeat|visitor|again|remind|retarget|brand|name|compet|convert|lost/i,
    write: ({ profile, inPlace, budget }) => {
      const amount = budget.amount('ppc');
      return {
        title: 'Paid search: first those who nearly came',
        body: `**The idea.** Strangers are the dearest clicks. Begin with people who have looked you up already and went away again.

**Your own name.** Somebody who types “${profile.businessName}” wants you. If another advert stands above you there, buy your own name: it costs cents. If none does, leave it.

**People who were on your page.** A reminder to those who saw an offer and did not ask, at most three times a week, for 14 days, then never again. It needs their consent on the page. Say something new in it: an answer to the usual doubt, not the same picture.

**Only then strangers.** A handful of words of people who want it now${inPlace}, and hours when somebody picks up the telephone. Leave out every word that only brings the curious.

${amount > 0 ? `**Budget.** ${budget.money(amount)} a month, in this order: own name until it is always on top, reminders until everyone has seen them, the rest for strangers. What is not used up stays for next month.` : '**Budget.** None: do the part with your own name in the free business profile, and keep the rest for later.'}

**What to read.** Not clicks: enquiries by people who came a second time.`,
      };
    },
  },
];
