/**
 * How many times as long work takes on four times the size: about 4 where time grows with the size, 16 where it grows with
 * its square. The quickest of several runs counts, because whatever else the machine does only adds to the others.
 */
export function growthOf(work: (size: number) => unknown, size: number): number {
  return quickest(() => work(4 * size)) / quickest(() => work(size));
}

function quickest(work: () => unknown): number {
  let best = Infinity;
  const until = performance.now() + 500;
  for (let run = 0; run < 3 || performance.now() < until; run++) {
    const begin = performance.now();
    work();
    best = Math.min(best, performance.now() - begin);
  }
  return best;
}
