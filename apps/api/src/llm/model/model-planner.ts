import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import type { ClientProfile } from '@alva/validation';
import { Output, streamText, type FinishReason } from 'ai';
import { planPrompt } from '../prompts/plan.v1.ts';
import { PlannerError, type Planner, type Planning, type TokenUsage } from '../planner.ts';
import { steps } from '../steps.ts';
import { createDraftStream } from './draft-stream.ts';
import { planAnswer, readPlanAnswer } from './plan-answer.ts';
import { priced } from './prices.ts';
import { toPlannerError } from './provider-failure.ts';

export interface ModelPlannerOptions {
  readonly provider: 'openai' | 'openai-compatible';
  readonly model: string;
  readonly baseUrl: string;
  readonly apiKey: string | undefined;
  /** Milliseconds for the whole answer. */
  readonly timeout: number;
}

/** A plan takes about 20,000 characters; what goes on far beyond that is not one. */
const longestAnswer = 120_000;
const mostOutputTokens = 16_000;
/** Reading an unfinished answer costs as much as it is long, so not for every token. */
const readEvery = 80;

/** Every provider is spoken to in OpenAI's chat protocol, which OpenAI, Ollama, vLLM and LM Studio share. */
export function createModelPlanner({ provider, model, baseUrl, apiKey, timeout }: ModelPlannerOptions): Planner {
  const languageModel = createOpenAICompatible({
    name: provider,
    baseURL: baseUrl,
    ...(apiKey === undefined ? {} : { apiKey }),
    includeUsage: true,
    supportsStructuredOutputs: true,
    // OpenAI's own newer models know the limit by another name only.
    ...(provider === 'openai' ? { transformRequestBody: withCompletionLimit } : {}),
  })(model);
  // Only the format is asked for by the schema: the SDK would read the whole answer anew at every token, we do it at our own pace.
  const output = {
    ...Output.text(),
    responseFormat: Output.object({ name: 'marketing_plan', schema: planAnswer }).responseFormat,
  };

  async function ask(
    profile: ClientProfile,
    { signal, emit }: Planning,
    usage: { total?: TokenUsage },
  ): Promise<string> {
    const result = streamText({
      model: languageModel,
      output,
      instructions: planPrompt,
      prompt: quoted(profile),
      maxOutputTokens: mostOutputTokens,
      // Trying again is decided where the person can be told, and where it survives this process.
      maxRetries: 0,
      abortSignal: signal,
      onError: () => undefined,
    });
    const update = createDraftStream(emit, profile.channels.length);
    let text = '';
    let readAt = 0;
    for await (const part of result.stream) {
      if (part.type === 'error') throw part.error;
      if (part.type === 'abort') signal.throwIfAborted();
      if (part.type === 'finish') {
        usage.total = priced(
          provider === 'openai' ? model : '',
          part.totalUsage.inputTokens ?? 0,
          part.totalUsage.outputTokens ?? 0,
        );
        refuseUnfinished(part.finishReason);
      }
      if (part.type !== 'text-delta') continue;
      text += part.text;
      if (text.length > longestAnswer)
        throw new PlannerError('answer-unusable', 'The model did not come to an end.', {});
      if (Date.now() - readAt < readEvery) continue;
      readAt = Date.now();
      await update(text);
    }
    await update(text);
    return text;
  }

  return {
    generator: { provider, model, demo: false },
    async generatePlan(profile, planning) {
      planning.emit(steps.reading);
      const late = AbortSignal.timeout(timeout);
      const usage: { total?: TokenUsage } = {};
      try {
        const text = await ask(profile, { ...planning, signal: AbortSignal.any([planning.signal, late]) }, usage);
        planning.emit(steps.checking);
        return { draft: readPlanAnswer(text, profile), usage: usage.total ?? priced('', 0, 0) };
      } catch (error) {
        planning.signal.throwIfAborted();
        const failure = late.aborted
          ? new PlannerError('provider-timeout', 'The language model took too long.', {}, error)
          : toPlannerError(error);
        failure.usage = usage.total;
        throw failure;
      }
    },
  };
}

/** An answer that did not end by itself is half an answer, however well it reads. */
function refuseUnfinished(reason: FinishReason): void {
  if (reason === 'stop') return;
  if (reason === 'length')
    throw new PlannerError('answer-too-long', 'The model ran out of room before the plan was complete.', 'never');
  if (reason === 'content-filter') {
    throw new PlannerError(
      'answer-filtered',
      'The model’s provider stopped the answer because of its content rules. Try describing the business in other words.',
      'never',
    );
  }
  throw new PlannerError('answer-broken-off', 'The language model’s answer broke off.', {});
}

/** As data: a closing tag inside it would be the one thing that reads like the end of it. */
function quoted(profile: ClientProfile): string {
  return `<client-profile>\n${JSON.stringify(profile, null, 2).replaceAll('<', '\\u003c')}\n</client-profile>`;
}

function withCompletionLimit({ max_tokens: limit, ...body }: Record<string, unknown>): Record<string, unknown> {
  return { ...body, max_completion_tokens: limit };
}
