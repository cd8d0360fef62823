import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { APICallError, Output, streamText, type FinishReason, type LanguageModelUsage } from 'ai';
import type { z } from 'zod';
import type { AssistantRun, TokenUsage } from '../assistant.ts';
import { ModelError } from '../model-error.ts';
import type { Prompt } from '../prompts/prompt.ts';
import { estimateTokens } from '../tokens.ts';
import { createDialect } from './dialect.ts';
import { watchPatience, type Patience } from './patience.ts';
import { priced, priceOf, type Price } from './prices.ts';
import { brokenOff, filtered, toModelError } from './provider-failure.ts';
import { endless, providerFetch } from './provider-fetch.ts';

export interface ProviderOptions {
  readonly provider: 'openai' | 'openai-compatible';
  readonly model: string;
  readonly baseUrl: string;
  readonly apiKey: string | undefined;
  /** Instead of the one that is known here. */
  readonly price?: Price | undefined;
  readonly patience: Patience;
}

export interface Asking<Result> {
  readonly prompt: Prompt;
  /** What the answer is to look like; without it, text. */
  readonly format?: { readonly name: string; readonly schema: z.ZodType };
  readonly mostTokens: number;
  /** What goes on far beyond this is not an answer. */
  readonly mostCharacters: number;
  /** Hears the whole answer so far, every now and then and at its end. */
  readonly onText: (answerSoFar: string) => Promise<void> | void;
  /** Makes of the whole answer what was asked for, or throws. */
  readonly read: (answer: string) => Result;
  readonly run: Pick<AssistantRun, 'signal' | 'spent' | 'aboutToSpend'>;
}

export type Ask = <Result>(asking: Asking<Result>) => Promise<{ result: Result; usage: TokenUsage }>;

/** Reading an unfinished answer costs as much as it is long, so not for every token. */
const readEvery = 80;

/** Every provider is spoken to in OpenAI's chat protocol, which OpenAI, Ollama, vLLM and LM Studio share. */
export function createAsk(options: ProviderOptions): Ask {
  const { provider, model, baseUrl, apiKey, patience, price = priceOf(model) } = options;
  const dialect = createDialect(provider);
  const languageModel = createOpenAICompatible({
    name: provider,
    baseURL: baseUrl,
    ...(apiKey === undefined ? {} : { apiKey }),
    includeUsage: true,
    supportsStructuredOutputs: true,
    fetch: providerFetch,
    transformRequestBody: dialect.say,
  })(model);
  return async function ask<Result>(
    asking: Asking<Result>,
    refusals = 0,
  ): Promise<{ result: Result; usage: TokenUsage }> {
    const { prompt, run, mostTokens, mostCharacters, onText, read } = asking;
    run.signal.throwIfAborted();
    const meter = createMeter(prompt, price, run.spent);
    await run.aboutToSpend(meter.usage());
    const format = dialect.takesFormats() ? asking.format : undefined;
    const limit = watchPatience(patience);
    const signal = AbortSignal.any([run.signal, limit.signal]);
    let text = '';
    let readAt = 0;
    try {
      const { stream } = streamText({
        model: languageModel,
        ...(format ? { output: formatOnly(format) } : {}),
        instructions: prompt.instructions,
        prompt: prompt.material,
        maxOutputTokens: mostTokens,
        // Trying again is decided where the person can be told, and where it survives this process.
        maxRetries: 0,
        abortSignal: signal,
        onError: () => undefined,
      });
      for await (const part of stream) {
        if (part.type === 'error') throw part.error;
        if (part.type === 'abort') signal.throwIfAborted();
        if (part.type === 'finish') {
          meter.told(part.totalUsage);
          refuseUnfinished(part.finishReason);
        }
        if (part.type !== 'text-delta' && part.type !== 'reasoning-delta') continue;
        limit.heard();
        meter.heard(part.text);
        if (part.type === 'reasoning-delta') continue;
        text += part.text;
        if (text.length > mostCharacters) throw endless();
        if (Date.now() - readAt < readEvery) continue;
        readAt = Date.now();
        await onText(text);
      }
      if (text.trim() === '') throw new ModelError('answer-empty', 'The language model answered with nothing.', {});
      await onText(text);
      return { result: read(text), usage: meter.usage() };
    } catch (error) {
      run.signal.throwIfAborted();
      if (refusals < 2 && dialect.learn(error)) return await ask(asking, refusals + 1);
      if (wasRefused(error)) meter.nothing();
      const failure = limit.signal.aborted ? tooSlow(limit.signal.reason) : toModelError(error);
      throw failure.at(meter.usage());
    } finally {
      limit.stop();
    }
  };
}

/** Only the format is asked for by the schema: the SDK would read the whole answer anew at every token, we do it at our own pace. */
function formatOnly(format: { readonly name: string; readonly schema: z.ZodType }) {
  return { ...Output.text(), responseFormat: Output.object(format).responseFormat };
}

/** Keeps count by the length of the texts until the provider tells. */
function createMeter({ instructions, material }: Prompt, price: Price, spent: AssistantRun['spent']) {
  const input = estimateTokens(instructions) + estimateTokens(material);
  let bytes = 0;
  let usage: TokenUsage = { ...priced(price, { input, output: 0 }), estimated: true };
  const report = (now: TokenUsage) => {
    usage = now;
    spent(now);
  };
  return {
    usage: () => usage,
    heard(text: string) {
      bytes += Buffer.byteLength(text);
      report({ ...priced(price, { input, output: Math.ceil(bytes / 4) }), estimated: true });
    },
    told({ inputTokens, outputTokens, inputTokenDetails }: LanguageModelUsage) {
      if (!inputTokens || outputTokens === undefined) return;
      report(priced(price, { input: inputTokens, output: outputTokens, cached: inputTokenDetails.cacheReadTokens }));
    },
    nothing: () => report(priced(price, { input: 0, output: 0 })),
  };
}

/** An answer that did not end by itself is half an answer, however well it reads. */
function refuseUnfinished(reason: FinishReason): void {
  if (reason === 'stop') return;
  if (reason === 'length')
    throw new ModelError('answer-too-long', 'The model ran out of room before the answer was complete.', 'never');
  if (reason === 'content-filter') throw filtered();
  throw brokenOff();
}

function tooSlow(cause: unknown): ModelError {
  return new ModelError('provider-timeout', 'The language model took too long.', {}, { cause });
}

/** Turned away at the door, or never there: nobody charges for that. */
function wasRefused(error: unknown): boolean {
  return APICallError.isInstance(error) && error.statusCode !== 200;
}
