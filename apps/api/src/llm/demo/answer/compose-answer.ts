import type { Answer, Question } from '../../assistant.ts';
import { readCitations } from '../../citations.ts';
import { createBriefing, joinWords } from '../briefing.ts';
import { channelTopics } from './channel-topics.ts';
import { generalTopics } from './general-topics.ts';
import { findQuotes, type Quote } from './quotes.ts';
import { weighTopic, type Asker, type Topic } from './topic.ts';

/** What is asked about in so many words comes before what is merely touched. */
const topics: readonly Topic[] = [...channelTopics, ...generalTopics];

const subjects = joinWords([...generalTopics, ...channelTopics].map(({ name }) => name));

const greeting = /^\s*(?:hi|hello|hey|good (?:morning|day|afternoon|evening)|thanks|thank you)\b[^?]{0,40}$/i;

const askForProfile =
  'I know nothing about your business yet: once you have filled in the questionnaire about it, the answer gets concrete.';

/** An answer by rules: the same question always gets the same one. */
export function composeAnswer({ tone, profile, plan, passages, messages }: Question): Answer {
  const asked = messages.filter(({ role }) => role === 'user').map(({ content }) => content);
  const question = asked.at(-1) ?? '';
  const quotes = findQuotes(question, passages);
  const asker = profile && { briefing: createBriefing(profile, plan?.sections), plan };
  const topic = findTopic(question) ?? (isFollowUp(question) ? findTopic(asked.at(-2) ?? '') : undefined);
  const paragraphs =
    topic === undefined
      ? tone === 'socratic' && !greeting.test(question)
        ? [...beyondRules(question, quotes), askOn(asker)]
        : beyondRules(question, quotes)
      : tone === 'direct'
        ? advise(topic, asker, quotes)
        : askBack(topic, asker, quotes);
  // What a plan or a profile has in brackets is no citation.
  return readCitations(
    paragraphs.join('\n\n'),
    quotes.map(({ number }) => number),
  );
}

function findTopic(question: string): Topic | undefined {
  const [best] = topics
    .map((topic) => ({ topic, weight: weighTopic(topic, question) }))
    .sort((a, b) => b.weight - a.weight);
  return best && best.weight > 0 ? best.topic : undefined;
}

/** “Why?”, “and how?”: it goes on about what was asked before. */
function isFollowUp(question: string): boolean {
  return question.trim().split(/\s+/).length <= 6;
}

function advise(topic: Topic, asker: Asker | undefined, quotes: readonly Quote[]): string[] {
  return [
    ...(quotes.length > 0 ? [`Your documents say to this:\n\n${quotes.map(cite).join('\n\n')}`] : []),
    asker ? topic.advise(asker) : topic.general,
    ...(asker ? [] : [askForProfile]),
  ];
}

function askBack(topic: Topic, asker: Asker | undefined, quotes: readonly Quote[]): string[] {
  const [first = '', second = '', third = ''] = topic.questions(asker);
  const facts = asker
    ? `You ask about ${topic.name}. What I see: ${asker.briefing.profile.businessName} wants to reach ${asker.briefing.audience}, and the first aim is “${asker.briefing.profile.goals[0] ?? ''}”.`
    : `You ask about ${topic.name}. ${askForProfile}`;
  return [
    facts,
    ...quotes.slice(0, 2).map((quote) => `${cite(quote)}\n\nWhat follows from that here, if it is still true?`),
    `1. ${first}\n2. ${second}${quotes.length > 0 ? '' : `\n3. ${third}`}`,
    'Answer the one that is hardest; the others follow from it.',
  ];
}

function beyondRules(question: string, quotes: readonly Quote[]): string[] {
  const can = `I can say something about ${subjects}; in English, which is all I know.`;
  if (quotes.length > 0)
    return ['I have no rule for this question, but your documents touch on it:', ...quotes.map(cite), can];
  const me = 'I am the demo assistant: I answer by rules, no language model is configured here';
  return [greeting.test(question) ? `${me}.` : `${me}, and I have no rule for this question.`, can];
}

/** Questions that lead on whatever it is about. */
function askOn(asker: Asker | undefined): string {
  const aim = asker ? `“${asker.briefing.profile.goals[0] ?? ''}”` : 'what you want most for your business';
  return `What may help you to your own answer:\n\n1. What would be different in a month if this were settled, and what has it to do with ${aim}?\n2. What do you know about it already, and who of your customers could tell you the rest?\n3. What could you try within a week, for little, to find out?`;
}

function cite({ number, title, text }: Quote): string {
  return `> “${text}” (${title}) [${number}]`;
}
