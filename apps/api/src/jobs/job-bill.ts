import type { Usage } from './job-definition.ts';

/** What a job has cost: what is known of earlier runs, and what the present one says, which replaces what it said before. */
export function createBill(earlier: Usage) {
  let ofRun: Usage | undefined;
  return {
    spent(usage: Usage): void {
      ofRun = sane(usage);
    },
    /** Of this run alone. */
    ofRun: () => ofRun,
    /** Of all runs; undefined while this one has said nothing. */
    total: () => ofRun && add(earlier, ofRun),
    tokensOfRun: () => (ofRun ? ofRun.inputTokens + ofRun.outputTokens : 0),
  };
}

function add(one: Usage, other: Usage): Usage {
  return {
    inputTokens: one.inputTokens + other.inputTokens,
    outputTokens: one.outputTokens + other.outputTokens,
    cost: one.cost + other.cost,
  };
}

/** Providers count, and some cannot: nobody is charged a negative or half a token. */
function sane({ inputTokens, outputTokens, cost }: Usage): Usage {
  const count = (tokens: number) => Math.max(0, Math.ceil(tokens)) || 0;
  return { inputTokens: count(inputTokens), outputTokens: count(outputTokens), cost: Math.max(0, cost) || 0 };
}
