import type { Plan, PlanSection } from '@alva/validation';
import type { SectionRequest } from '../llm/assistant.ts';
import { sectionPrompt } from '../llm/prompts/section.v1.ts';
import { mostOutputTokens, promptTokens } from '../llm/tokens.ts';
import { planInHand } from './plan-in-hand.ts';

/** What is asked of whoever rewrites. */
export function sectionRequest(plan: Plan, { channel }: PlanSection, wish: string | undefined): SectionRequest {
  return { profile: plan.clientProfile, plan: planInHand(plan), channel, wish };
}

/** As many as it may take, with room for what is written into the plan before the work begins. */
export function tokensNeeded(request: SectionRequest): number {
  return promptTokens(sectionPrompt(request)) + 1_000 + mostOutputTokens.section;
}
