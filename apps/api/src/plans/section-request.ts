import type { Plan, PlanSection } from '@alva/validation';
import type { SectionRequest } from '../llm/assistant.ts';
import { sectionPrompt } from '../llm/prompts/section.v1.ts';
import { mostOutputTokens, promptTokens } from '../llm/tokens.ts';

/** What is asked of whoever rewrites: of the plan only what its readers see as its text. */
export function sectionRequest(plan: Plan, { channel }: PlanSection, wish: string | undefined): SectionRequest {
  const { clientProfile: profile, title, summary } = plan;
  const sections = plan.sections.map((section) => ({
    channel: section.channel,
    title: section.title,
    body: section.body,
    budgetShare: section.budgetShare,
  }));
  return { profile, plan: { title, summary, sections }, channel, wish };
}

/** As many as it may take, with room for what is written into the plan before the work begins. */
export function tokensNeeded(request: SectionRequest): number {
  return promptTokens(sectionPrompt(request)) + 1_000 + mostOutputTokens.section;
}
