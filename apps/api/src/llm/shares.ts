/**
 * Divides a whole number in proportion to the weights, in whole parts that add up to it exactly (largest remainder).
 * Weights that are all zero share equally.
 */
export function divide(total: number, weights: readonly number[]): number[] {
  const sane = weights.map((weight) => (Number.isFinite(weight) && weight > 0 ? weight : 0));
  const sum = sane.reduce((all, weight) => all + weight, 0);
  const exact = sane.map((weight) => (sum > 0 ? (total * weight) / sum : total / sane.length));
  const parts = exact.map(Math.floor);
  const missing = total - parts.reduce((all, part) => all + part, 0);
  const byRemainder = exact
    .map((value, index) => ({ index, rest: value - Math.floor(value) }))
    .sort((a, b) => b.rest - a.rest);
  for (const { index } of byRemainder.slice(0, missing)) parts[index] = (parts[index] ?? 0) + 1;
  return parts;
}
