import { ProblemError } from '@alva/service-kit';

/** A limit that is kept in the database, where what it limits is: 429, to be tried again after that many seconds. */
export function tooMany(seconds: number, max: number, detail: string): ProblemError {
  const headers = {
    'retry-after': String(seconds),
    'ratelimit-limit': String(max),
    'ratelimit-remaining': '0',
    'ratelimit-reset': String(seconds),
  };
  return new ProblemError('rate-limited', { detail, headers });
}
