import type { ClientProfile } from '@alva/validation';
import { dataRule, quoted, type Prompt } from './prompt.ts';

const instructions = `You are a marketing planner for small businesses. Write a plan for the next 90 days for the business
described in <client-profile>.

${dataRule}

How to write:
- In the language of the profile's description. Plain words; explain a term of the trade when experience is "none", skip the basics when it is "expert".
- Concrete: amounts in the given currency, numbers, days, examples of real wording. No filler, no promises of success.
- Only the channels that the profile names, and every one of them, plus "positioning" as the first section.
- summary: three or four sentences: the situation, the main idea, what to expect after 90 days.
- sections: for each channel 120 to 250 words of Markdown without headings of level 1 or 2, and without images or HTML.
- budgetShare: whole percent of the monthly budget. The shares of all sections add up to exactly 100. The amount of a section is shown beside it: amounts in its text are parts of that amount and never exceed it together.
- tasks: 8 to 16 small steps that one person can finish in an hour or two, each with dueInDays from today, spread over the 90 days.
- metrics: 3 to 6 figures to watch, each with a target that can be checked.

Answer with a JSON object only: {"title", "summary", "sections": [{"channel", "title", "body", "budgetShare"}],
"tasks": [{"channel", "title", "detail", "dueInDays"}], "metrics": [{"name", "target"}]}, the keys in this order.`;

export function planPrompt(profile: ClientProfile): Prompt {
  return { version: 'plan.v1', instructions, material: quoted('client-profile', profile) };
}
