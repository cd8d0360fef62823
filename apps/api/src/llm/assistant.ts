import type { ChatTone, SectionChannel } from '@alva/shared-types';
import type { ClientProfile, DraftPart, PlanDraft, PlanGenerator, PlanTask } from '@alva/validation';

/**
 * Whoever can write plans and answer questions: a language model, or the rules of the demo. What comes out is complete and
 * valid, or it is a `ModelError`.
 */
export interface Assistant {
  readonly generator: PlanGenerator;
  generatePlan(profile: ClientProfile, run: AssistantRun<DraftPart>): Promise<Written & { draft: PlanDraft }>;
  /** Writes one section of a plan anew, so that it fits the others. Its share of the budget stays. */
  writeSection(
    request: SectionRequest,
    run: AssistantRun<SectionChannel>,
  ): Promise<Written & { section: WrittenSection }>;
  answer(question: Question, run: AssistantRun<'answer'>): Promise<Written & { answer: Answer }>;
}

interface Written {
  readonly usage: TokenUsage;
  /** The version of the prompt it was asked for with, if there was one. */
  readonly prompt?: string;
}

/** What is told of a piece of work while it is done. */
export interface AssistantRun<Part extends string = string> {
  /** Aborted when nobody wants the result any more; the call then rejects with its reason. */
  readonly signal: AbortSignal;
  readonly emit: (event: AssistantEvent<Part>) => void;
  /** Hears again and again what was used up so far, so that also a run that is called off can be charged. */
  readonly spent: (usage: TokenUsage) => void;
  /** Hears what reading the question will use up, and holds the question back until that is on record. */
  readonly aboutToSpend: (usage: TokenUsage) => Promise<void>;
}

export type AssistantEvent<Part extends string = string> =
  | { readonly event: 'step'; readonly data: { readonly step: string; readonly percent: number } }
  | {
      readonly event: 'delta';
      readonly data: { readonly part: Part; readonly heading?: string; readonly text: string };
    };

export interface TokenUsage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** In US dollars; 0 where no price is known. */
  readonly cost: number;
  /** Counted from the length of the texts, because the provider has not told, or not yet. */
  readonly estimated?: true;
}

type DraftSection = PlanDraft['sections'][number];

/** A plan as somebody has it, who wants something done with it. */
export interface PlanInHand {
  readonly title: string;
  readonly summary: string;
  readonly sections: readonly Pick<DraftSection, 'channel' | 'title' | 'body' | 'budgetShare'>[];
  readonly tasks?: readonly Pick<PlanTask, 'title' | 'detail' | 'dueDate' | 'status'>[];
}

export interface SectionRequest {
  readonly profile: ClientProfile;
  readonly plan: PlanInHand;
  /** Which section. The plan has it. */
  readonly channel: SectionChannel;
  /** What its reader would like to be different, in their words. */
  readonly wish?: string | undefined;
}

export type WrittenSection = Pick<DraftSection, 'title' | 'body'>;

export type { ChatTone as Tone };

export interface Question {
  /** `direct` advises, `socratic` helps to find the answer oneself. */
  readonly tone: ChatTone;
  readonly profile?: ClientProfile | undefined;
  readonly plan?: PlanInHand | undefined;
  /** What was found in the asker's documents. */
  readonly passages: readonly Passage[];
  /** The talk so far, oldest first; the last message is the question. */
  readonly messages: readonly Message[];
}

export interface Passage {
  /** By which answers cite it: `[1]`. */
  readonly number: number;
  readonly documentId: string;
  readonly title: string;
  readonly text: string;
}

export interface Message {
  readonly role: 'user' | 'assistant';
  readonly content: string;
}

export interface Answer {
  /** Markdown. Says `[1]` only where there is a passage of that number. */
  readonly content: string;
  /** The numbers of the passages it cites, in the order in which they are mentioned. */
  readonly cited: readonly number[];
}
