import type { JobWork } from './job-definition.ts';

/**
 * Places for the kinds of jobs of which only so many are done at once in one process. Which kind a delivery is of is known
 * when its job is claimed: until then it holds a place of each kind that has one left, and may be claimed as one of these only.
 */
export function createRoom(works: readonly Pick<JobWork<unknown, unknown>, 'type' | 'limits'>[]) {
  const free = new Map(works.map(({ type, limits }) => [type, limits.atOnce ?? Infinity]));

  return function take() {
    const types = [...free.keys()].filter((type) => add(type, -1));
    let held = types;

    function leave(left: readonly string[]): void {
      for (const type of left) add(type, 1);
    }
    return {
      types,
      all: types.length === free.size,
      /** The other places are somebody else's again. */
      keep(kept: string): void {
        leave(held.filter((type) => type !== kept));
        held = [kept];
      },
      leave(): void {
        leave(held);
        held = [];
      },
    };
  };

  /** False, and nothing done, where there is none left to take. */
  function add(type: string, places: 1 | -1): boolean {
    const left = (free.get(type) ?? 0) + places;
    if (left >= 0) free.set(type, left);
    return left >= 0;
  }
}
