import type { SectionChannel } from '@alva/shared-types';
import { capital, channelNames, joinWords, opening } from '../briefing.ts';
import { planShares } from '../plan-budget.ts';
import type { Asker, Topic } from './topic.ts';

const nameOf = (channel: SectionChannel) => (channel === 'positioning' ? 'positioning' : channelNames[channel]);

/** Most money first. */
function byMoney({ briefing: { profile, budget }, plan }: Asker) {
  return [...(plan?.sections ?? planShares(profile))]
    .sort((a, b) => b.budgetShare - a.budgetShare)
    .map(({ channel, budgetShare }) => ({
      name: nameOf(channel),
      budgetShare,
      amount: budget.money(budget.amount(channel)),
    }));
}

const budget: Topic = {
  name: 'the budget',
  words: /\b(budgets?|spend(?:ing)?|afford|invest\w*|split)\b/,
  vagueWords: /\b(money|costs?|cheap(?:er)?|expensive|euros?|dollars?|pounds?)\b/,
  general:
    'A rule of thumb for small businesses: decide what a new customer may cost, multiply by how many you want a month, and begin with a third of it. Put two thirds on the one channel that people use when they are about to buy, one third on what lasts (your page, reviews, a mailing list), and move money once a month only.',
  advise(asker) {
    const { briefing } = asker;
    if (briefing.budget.total === 0)
      return 'Your profile names no money, so the plan spends hours only. Before you change that, find out what a new customer may cost you: what one earns in a year, and a tenth of it to begin with.';
    const parts = byMoney(asker);
    const list = parts.map(({ name, amount, budgetShare }) => `- ${name}: ${amount} (${budgetShare} %)`).join('\n');
    const strongest = parts[0]?.name ?? '';
    return `Of ${briefing.budget.money(briefing.budget.total)} a month I would spend:\n\n${list}\n\nLeave it like that for six weeks: less time shows chance, not results. Then take a third from whatever brought the fewest enquiries for its money and give it to the best. If you have to save, save on ${strongest} last: it carries the most.`;
  },
  questions: (asker) => [
    'What does a customer earn you in a year, and what part of that would you give to win one?',
    asker && asker.briefing.budget.total > 0
      ? `Of the ${asker.briefing.budget.money(asker.briefing.budget.total)} a month, which part could you stop tomorrow without anyone noticing?`
      : 'How much could you spend for three months without minding if nothing came of it?',
    'Where did your last ten customers come from, and what had that cost?',
  ],
};

const firstSteps: Topic = {
  name: 'first steps',
  words: /\b(start(?:ing)?|begin(?:ning)?|first|next|steps?|priorit\w*|today|this week|tasks?|to-?do|now what)\b/,
  general:
    'Three things before anything else: one sentence that says for whom you are and what they get; a page that shows it on a telephone without scrolling; and asking each new customer how they found you. They take a week and make everything after them cheaper.',
  advise({ briefing, plan }) {
    const open = (plan?.tasks ?? [])
      .filter(({ status }) => status === 'open')
      .sort((a, b) => a.dueDate.localeCompare(b.dueDate))
      .slice(0, 3);
    if (open.length > 0) {
      const list = open.map(({ title, detail, dueDate }, at) => `${at + 1}. **${title}** (by ${dueDate}). ${detail}`);
      return `What is due next in your plan:\n\n${list.join('\n')}\n\nDo the first one completely before you touch the second. With about ${briefing.weeklyHours} hours a week, one a week is a good pace.`;
    }
    return `With about ${briefing.weeklyHours} hours a week, in this order:\n\n1. **The promise.** One sentence on what ${briefing.profile.businessName} does for ${briefing.audience}. Try it on five customers.\n2. **The page.** That sentence, three proofs and one invitation, visible on a telephone without scrolling.\n3. **The count.** Ask every new customer how they found you and write it down.\n\nOnly then ${joinWords(briefing.profile.channels.map((channel) => channelNames[channel]))}, one after the other.`;
  },
  questions: (asker) => [
    'If only one thing got done this week, after which one would everything else be easier?',
    asker
      ? `What has kept you so far from “${opening(asker.briefing.profile.goals[0] ?? 'your first goal', 80)}”: time, money, or not knowing how?`
      : 'What have you tried already, and when did you stop?',
    'What could you finish in an hour, today?',
  ],
};

const measuring: Topic = {
  name: 'measuring',
  words:
    /\b(measur\w*|metrics?|kpis?|figures?|numbers?|track(?:ing)?|success\w*|results?|analytics|roi|conver\w*|know if|works?|working)\b/,
  general:
    'Measure three things and no more: new customers by how they found you (ask them), what each channel costs for one of them, and how many come back. Write them down on the same day every month. Everything else, clicks and likes included, only explains these three.',
  advise({ briefing }) {
    const { budget, profile, audience, toBusinesses } = briefing;
    const lead =
      budget.total > 0
        ? `With ${budget.money(budget.total)} a month the figure that counts is the cost of one new customer: all you spent, divided by how many came.`
        : 'Without a budget the figure that counts is new customers for each hour you put in.';
    return `${lead} ${toBusinesses ? 'A field in the form and a question in the first call are' : 'A list by the till or a field in the form is'} enough to get it: “How did you find us?”\n\n- **Every week:** enquiries, and from where.\n- **Every month:** ${budget.total > 0 ? 'cost' : 'hours'} for one new customer, for ${joinWords(profile.channels.map((channel) => channelNames[channel]))} separately.\n- **Every quarter:** how many came back.\n\nDecide beforehand what you will do at which figure. If ${audience} click but do not ask, the page is at fault; if they do not click, the words are.`;
  },
  questions: () => [
    'What would you do differently if the figure were half as high? If nothing, why measure it?',
    'How do you know today where a new customer came from?',
    'After how many weeks would you believe a result, and what would chance look like until then?',
  ],
};

const goals: Topic = {
  name: 'goals',
  words: /\b(goals?|aims?|targets?|objectives?|achiev\w*|ambition\w*|realistic|grow(?:th)?)\b/,
  general:
    'A goal is of use when it has a number, a date and something you would give up for it. “More customers” is a wish; “four more on weekday mornings until June, even if Saturdays stay as they are” is a goal.',
  advise({ briefing: { profile, weeklyHours } }) {
    const [first = '', ...others] = profile.goals;
    const rest =
      others.length > 0
        ? ` ${joinWords(others.map((goal) => `“${goal}”`))} can wait: what helps the first often helps them as well.`
        : '';
    return `You want “${first}”. Put it as a number with a date, so that in 90 days anyone can say yes or no.${rest}\n\nWith about ${weeklyHours} hours a week one goal at a time is realistic. Halve it into what has to be true after 45 days; if that half is missed by much, change the way, not the goal.`;
  },
  questions: (asker) => [
    asker
      ? `“${opening(asker.briefing.profile.goals[0] ?? 'Your goal', 100)}”: how would a stranger see in 90 days that you are there?`
      : 'How would a stranger see in 90 days that you have reached it?',
    'Which of your goals would you give up for the others?',
    'What is the smallest sign, in two weeks, that you are on the way?',
  ],
};

const ideas: Topic = {
  name: 'content ideas',
  words: /\b(ideas?|content|inspir\w*|write about|post about|topics?|headlines?|slogans?|captions?)\b/,
  general:
    'The best ideas are in your inbox: every question a customer asked is a headline, word for word. Others that nearly always work: what it costs and why, a mistake and what it taught you, something being made, a customer’s story with a number in it.',
  advise({ briefing: { profile, audience, industry, inPlace } }) {
    return `Six that fit ${profile.businessName}, each good for one post, one mail or one article:\n\n1. What ${industry} costs${inPlace}, and what the price depends on\n2. The question you were asked most often this month, with the answer in the first line\n3. Something being made, thirty seconds, no words\n4. A customer out of “${audience}”: before, after, one number\n5. What you would not sell to whom, and why\n6. What you got wrong once, and what you do since\n\nBegin with the second; it is written already, in your inbox.`;
  },
  questions: () => [
    'Which question did a customer ask you this week that you had answered before?',
    'What do you know about your trade that surprises people at dinner?',
    'Which of your own pieces would you send to a friend, and what do the others lack?',
  ],
};

const winning: Topic = {
  name: 'winning customers',
  words:
    /\b(guests?|customers?|clients?|sales?|sell(?:ing)?|orders?|bookings?|enquir\w*|leads?|revenue|turnover|attract\w*|visitors?|more people)\b/,
  general:
    'The shortest way to more customers leads through those you have: ask them to come again, then to tell somebody, and only then look for strangers. For strangers, be where they look at the moment they need it, with one offer and one way to say yes.',
  advise(asker) {
    const { profile, audience } = asker.briefing;
    const [first, second] = byMoney(asker).filter(({ name }) => name !== 'positioning');
    const channels = [first, second].filter((part) => part !== undefined).map(({ name }) => name);
    return `For “${profile.goals[0] ?? ''}”, in the order of effort:\n\n1. **Those who have been there.** Ask everyone who is content to come again on a day that suits you, with a reason that holds only then. It costs a sentence.\n2. **Those they know.** Two reviews a week and a card to pass on. People who were sent by somebody stay longest.\n3. **Strangers.** ${capital(audience)}: ${asker.plan ? 'your plan meets them' : 'I would meet them'} through ${joinWords(channels)}. One offer for exactly this aim, one page or post about nothing else, four weeks long.\n\nCount from the first day how many came by which of the three, or you will pay for what would have come anyway.`;
  },
  questions: (asker) => [
    asker
      ? `When “${opening(asker.briefing.profile.goals[0] ?? 'it', 100)}” last worked by itself, what was different that day?`
      : 'When did more of them last come by themselves, and what was different then?',
    'What would make somebody who was content come again a week earlier?',
    'What keeps those away who have heard of you and never came?',
  ],
};

const audience: Topic = {
  name: 'customers and what to promise them',
  words:
    /\b(audience|customers?|clients?|who (?:is|are) (?:my|our)|whom|target group|position\w*|promise|brand\w*|message|different|competit\w*|unique)\b/,
  general:
    'Choose one kind of customer you would like ten more of, and write everything to that person. Say what they get, in their words, with a proof beside it. Whoever speaks to everybody is remembered by nobody.',
  advise({ briefing: { profile, audience: people, industry, inPlace, toBusinesses } }) {
    return `You told me whom you want: ${people}. Choose one real person among them and write everything to that one.\n\n**The promise** in one line: “${profile.businessName}, the ${industry}${inPlace} for ${toBusinesses ? 'companies that' : 'people who'} …”. What you describe, “${opening(profile.description, 140)}”, is what you do; the line has to end in what they get.\n\n**The test.** Ask five customers what they would tell a friend about you. Where three use the same words, those are yours.`;
  },
  questions: (asker) => [
    asker
      ? `Think of the best customer ${asker.briefing.profile.businessName} ever had: what was going on in their life when they came?`
      : 'Think of the best customer you ever had: what was going on in their life when they came?',
    'Whom would you rather not serve, and does your page say so?',
    'What do they do if they do not take you, and why is that not good enough?',
  ],
};

const time: Topic = {
  name: 'time',
  words: /\b(time|hours?|busy|how long|deadline|schedule|routine|too much|overwhelm\w*|alone)\b/,
  general:
    'Two fixed hours a week beat a free Saturday a month. One hour for making, one for answering; the same days each week, in the diary like a customer. What does not fit into them is not done, and that is a decision, not a failure.',
  advise({ briefing: { weeklyHours, profile } }) {
    return `I count on about ${weeklyHours} hours a week. Fix them in the diary: half for making things, a quarter for answering people, a quarter for looking at the figures and tidying up.\n\nIf it gets too much, drop a whole channel rather than a bit of each. Of ${joinWords(profile.channels.map((channel) => channelNames[channel]))}, the one you like least goes first: it shows anyway.`;
  },
  questions: () => [
    'Which hours of the week are really yours, and what do they go to now?',
    'What would happen if you did not do it at all for a month?',
    'What of it could somebody else do without asking you?',
  ],
};

export const generalTopics: readonly Topic[] = [budget, firstSteps, winning, measuring, goals, ideas, audience, time];
