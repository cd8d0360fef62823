import type { SectionChannel } from '@alva/shared-types';
import type { SectionRequest, WrittenSection } from '../assistant.ts';
import { blogApproaches } from './approaches/blog.ts';
import { emailApproaches } from './approaches/email.ts';
import { paidSearchApproaches } from './approaches/paid-search.ts';
import { positioningApproaches } from './approaches/positioning.ts';
import { searchApproaches } from './approaches/search.ts';
import { socialApproaches } from './approaches/social.ts';
import { createBriefing, opening, type Approach } from './briefing.ts';
import { advisers } from './compose-plan.ts';
import { firstSentence } from './sentences.ts';

const approaches: Record<SectionChannel, readonly Approach[]> = {
  positioning: positioningApproaches,
  ppc: paidSearchApproaches,
  blog: blogApproaches,
  social: socialApproaches,
  email: emailApproaches,
  seo: searchApproaches,
};

const shorter = /\bshort|\bbrief|\bconcise|\btight|less text|fewer words|too long|summar/i;

/**
 * Another approach to the same channel with the same money: the one the wish speaks of, or the next one. Asking again and
 * again goes through all of them.
 */
export function rewriteSection({ profile, plan, channel, wish = '' }: SectionRequest): WrittenSection {
  const briefing = createBriefing(profile, plan.sections);
  const present = plan.sections.find((section) => section.channel === channel);
  if (present && shorter.test(wish)) return { title: present.title, body: shorten(present.body) };

  const all = [{ meets: /original|first version|as it was/i, write: advisers[channel] }, ...approaches[channel]];
  const written = all.map(({ meets, write }) => ({ meets, ...write(briefing) }));
  const at = written.findIndex(({ title }) => title === present?.title);
  // From the one after the present one on, round to it.
  const others = [...written.slice(at + 1), ...written.slice(0, Math.max(0, at))];
  const wished = wish === '' ? undefined : others.find(({ meets }) => meets.test(wish));
  const { title, body } = wished ?? others[0] ?? { title: '', body: '' };
  return { title, body: wish === '' || wished ? body : `${body}\n\n${unmet(wish)}` };
}

/** Each paragraph down to its first sentence; lists and tables stay, because they are what is to be done. */
function shorten(body: string): string {
  return body
    .split('\n\n')
    .map((paragraph) => (/^(?:[-*]|\d+\.|[|>#])\s/m.test(paragraph) ? paragraph : shortened(paragraph)))
    .join('\n\n');
}

function shortened(paragraph: string): string {
  const label = /^\*\*[^*]+\*\*\s*/.exec(paragraph)?.[0] ?? '';
  return label + firstSentence(paragraph.slice(label.length));
}

function unmet(wish: string): string {
  const plain = opening(wish.replace(/[*_`[\]<>#]/g, ''), 120);
  return `*Your wish “${plain}” is beyond the rules by which this was written; it is another approach instead.*`;
}
