import type { Approach } from '../briefing.ts';

export const emailApproaches: readonly Approach[] = [
  {
    meets: /old|former|lost|back|win|inactive|exist|customer|loyal|repeat|return|again/i,
    write: ({ profile, budget }) => {
      const amount = budget.amount('email');
      return {
        title: 'E-mail: win back those who have been there',
        body: `**The idea.** Before looking for new readers, write to people who bought once and went quiet. They know you; they only need a reason.

**The list.** Everyone who bought from ${profile.businessName} in the last two years and whom you may write to. Sort into three: came more than once, came once, only asked.

**Three letters, not campaigns.** In plain text, from a person, without pictures:

- *Came more than once:* “I noticed that we have not seen you since … Is there something we could have done better?” Nothing else. Half the answers are orders.
- *Came once:* what is new since then, and one thing kept for them until a date.
- *Only asked:* the answer to the doubt that most people have, and an easy first step.

**Twenty a day.** Send by hand and answer the same day. Stop for a week when the answers pile up; that is success, not a fault.

**Afterwards.** Whoever answers goes on a short list that gets one mail a quarter, with something in it only they get. Whoever does not answer twice is left in peace.

${amount > 0 ? `**Budget.** ${budget.money(amount)} a month for what you keep ready for those who come back; the mails themselves cost nothing.` : '**Budget.** None.'}

**Counting.** Answers and second purchases. Opening rates say nothing about letters.`,
      };
    },
  },
  {
    meets: /course|series|teach|educat|automat|lead|new|grow|list|sign|subscri|content|value/i,
    write: ({ audience, industry, budget }) => {
      const amount = budget.amount('email');
      return {
        title: 'E-mail: a short course instead of a newsletter',
        body: `**The idea.** “Subscribe to our newsletter” is no offer. “Five mails that make you choose ${industry} well” is one, and it runs by itself once it is written.

**The five mails,** two days apart, each under 200 words, each with one thing to do:

1. The mistake nearly everybody makes first, and how to see it coming
2. How to tell good from bad in two minutes
3. What it costs, honestly, and where saving is dear
4. A customer’s story, with the doubts
5. What we would do in your place, and how to begin with us

**Where people find it.** On the page they read before they ask, below the best article, and as a small card that you hand over. Say who it is for: ${audience}.

**After the fifth.** One question: “Shall we write to you once a month?” Only who says yes gets more. The list stays small and alive.

**Keeping it good.** Read the replies to mail three; they tell what is missing. Rewrite one mail a month, the one after which most people leave.

${amount > 0 ? `**Budget.** ${budget.money(amount)} a month: the sending service, and once somebody who reads all five and strikes a third out.` : '**Budget.** None, up to a few hundred readers.'}`,
      };
    },
  },
];
