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

/** No run comes near them, and those of all runs of a job still fit into its row. */
const mostTokens = 50_000_000;
const mostCost = 10_000;

/** Providers count, and some cannot: nobody is charged a negative or half a token, or more than can be written down. */
function sane({ inputTokens, outputTokens, cost }: Usage): Usage {
  const within = (most: number, figure: number) => Math.min(most, Math.max(0, figure)) || 0;
  const count = (tokens: number) => within(mostTokens, Math.ceil(tokens));
  return { inputTokens: count(inputTokens), outputTokens: count(outputTokens), cost: within(mostCost, cost) };
}
