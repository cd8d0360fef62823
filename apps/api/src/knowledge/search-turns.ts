import { rateLimited } from '@alva/service-kit';

/** Searches of one person that may wait for others of theirs. */
const mostWaiting = 10;

/** Lets everybody have one search under way at a time, so that nobody's many hold up those of others. */
export function createSearchTurns() {
  const lines = new Map<string, { length: number; last: Promise<unknown> }>();

  return async <Result>(userId: string, search: () => Promise<Result>): Promise<Result> => {
    const line = lines.get(userId) ?? { length: 0, last: Promise.resolve() };
    if (line.length > mostWaiting) throw rateLimited({ limit: 'searches at once', max: mostWaiting + 1, resetsIn: 1 });
    const turn = line.last.then(search);
    line.length++;
    line.last = turn.catch(() => undefined);
    lines.set(userId, line);
    try {
      return await turn;
    } finally {
      line.length--;
      if (line.length === 0) lines.delete(userId);
    }
  };
}
