import type { Assistant } from '../assistant.ts';
import { answerPrompt } from '../prompts/answer.v1.ts';
import { planPrompt } from '../prompts/plan.v1.ts';
import { sectionPrompt } from '../prompts/section.v1.ts';
import { partStep, steps } from '../steps.ts';
import { longestAnswer, mostOutputTokens } from '../tokens.ts';
import { createAnswerStream } from './answer-text.ts';
import { createAsk, type ProviderOptions } from './ask.ts';
import { planAnswer, readPlanAnswer } from './plan-answer.ts';
import { createPlanStream } from './plan-stream.ts';
import { createSectionStream, readSectionAnswer, sectionAnswer } from './section-answer.ts';

/** What takes several times as many characters as it should is not coming to an end. */
const mostCharacters = { plan: 120_000, section: 30_000, answer: longestAnswer };

/** Has everything written by a language model. */
export function createModelAssistant(options: ProviderOptions): Assistant {
  const ask = createAsk(options);
  return {
    generator: { provider: options.provider, model: options.model, demo: false },

    async generatePlan(profile, run) {
      run.emit(steps.reading);
      const prompt = planPrompt(profile);
      const { result: draft, usage } = await ask({
        prompt,
        format: { name: 'marketing_plan', schema: planAnswer },
        mostTokens: mostOutputTokens.plan,
        mostCharacters: mostCharacters.plan,
        onText: createPlanStream(run.emit, profile),
        read(text) {
          run.emit(steps.checking);
          return readPlanAnswer(text, profile);
        },
        run,
      });
      return { draft, usage, prompt: prompt.version };
    },

    async writeSection(request, run) {
      const { channel } = request;
      run.emit(partStep(channel, 0, 1));
      const prompt = sectionPrompt(request);
      const { result: section, usage } = await ask({
        prompt,
        format: { name: 'plan_section', schema: sectionAnswer },
        mostTokens: mostOutputTokens.section,
        mostCharacters: mostCharacters.section,
        onText: createSectionStream(run.emit, channel),
        read: (text) => readSectionAnswer(text, channel),
        run,
      });
      return { section, usage, prompt: prompt.version };
    },

    async answer(question, run) {
      run.emit(steps.thinking);
      const stream = createAnswerStream(
        run.emit,
        question.passages.map(({ number }) => number),
      );
      const prompt = answerPrompt(question);
      const { result: answer, usage } = await ask({
        prompt,
        mostTokens: mostOutputTokens.answer,
        mostCharacters: mostCharacters.answer,
        onText: stream.update,
        read: stream.finish,
        run,
      });
      return { answer, usage, prompt: prompt.version };
    },
  };
}
