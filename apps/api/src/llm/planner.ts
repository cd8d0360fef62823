import type { ClientProfile, NewJobEvent, PlanDraft, PlanGenerator } from '@alva/validation';

export type PlanningEvent = Extract<NewJobEvent, { event: 'step' | 'delta' }>;

export interface TokenUsage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** In US dollars; 0 where no price is known. */
  readonly cost: number;
}

export interface Planning {
  readonly signal: AbortSignal;
  /** Hears of the plan while it is written. */
  readonly emit: (event: PlanningEvent) => void;
}

/** Whoever can write a plan. What comes out is complete and valid, or it is an error. */
export interface Planner {
  readonly generator: PlanGenerator;
  generatePlan(profile: ClientProfile, planning: Planning): Promise<{ draft: PlanDraft; usage: TokenUsage }>;
}

/** Why there is no plan, in words for the person who waits for it. */
export class PlannerError extends Error {
  override readonly name = 'PlannerError';
  readonly code: string;
  readonly detail: string;
  /** `never`: asking again cannot help. Otherwise milliseconds to wait, if the provider named them. */
  readonly retry: 'never' | { readonly after?: number | undefined };
  usage: TokenUsage | undefined;

  constructor(code: string, detail: string, retry: PlannerError['retry'], cause?: unknown) {
    super(`${code}: ${detail}`, { cause });
    this.code = code;
    this.detail = detail;
    this.retry = retry;
  }
}
