export interface Patience {
  /** Milliseconds for the whole answer. */
  readonly whole: number;
  /** Until the first word of it. */
  readonly start: number;
  /** Between two words. */
  readonly pause: number;
}

/** Aborts when a model takes too long: to begin, to go on, or altogether. Bytes are no sign of life, only words are. */
export function watchPatience({ whole, start, pause }: Patience) {
  const controller = new AbortController();
  const lose = (why: string) => controller.abort(new DOMException(why, 'TimeoutError'));
  const forWhole = setTimeout(lose, whole, 'whole answer');
  let forNext = setTimeout(lose, start, 'first word');
  return {
    signal: controller.signal,
    heard() {
      clearTimeout(forNext);
      forNext = setTimeout(lose, pause, 'next word');
    },
    /** Also lets go of an answer that may still be coming. */
    stop() {
      clearTimeout(forWhole);
      clearTimeout(forNext);
      controller.abort();
    },
  };
}
