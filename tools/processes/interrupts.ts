export interface Interrupts {
  /** Aborted by the first Ctrl-C, SIGTERM or SIGHUP. */
  signal: AbortSignal;
  onSecond(action: () => void): void;
}

/** The terminal, npm and the bootstrap may each deliver the same keypress; nobody presses twice on purpose this fast. */
const oneKeypressMs = 500;

export function watchInterrupts(): Interrupts {
  const first = new AbortController();
  let onSecond: () => void = () => undefined;
  let heardAt = -Infinity;
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      const now = performance.now();
      if (now - heardAt < oneKeypressMs) return;
      heardAt = now;
      if (first.signal.aborted) onSecond();
      else first.abort();
    });
  }
  return { signal: first.signal, onSecond: (action) => (onSecond = action) };
}
