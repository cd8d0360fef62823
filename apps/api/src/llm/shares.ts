/**
 * Divides a whole number in proportion to the weights, in whole parts that add up to it exactly (largest remainder).
 * Weights that are all zero share equally.
 */
export function divide(total: number, weights: readonly number[]): number[] {
  const sane = weights.map((weight) => (Number.isFinite(weight) && weight > 0 ? weight : 0));
  // Relative to the largest, or their sum could be more than a number can hold.
  const largest = Math.max(...sane);
  const relative = sane.map((weight) => (largest > 0 ? weight / largest : 1));
  const sum = relative.reduce((all, weight) => all + weight, 0);
  const exact = relative.map((weight) => (total * weight) / sum);
  const parts = exact.map(Math.floor);
  const missing = total - parts.reduce((all, part) => all + part, 0);
  const byRemainder = exact
    .map((value, index) => ({ index, rest: value - Math.floor(value) }))
    .sort((a, b) => b.rest - a.rest);
  for (const { index } of byRemainder.slice(0, missing)) parts[index] = (parts[index] ?? 0) + 1;
  return parts;
}
