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
  const hear = () => {
    const now = performance.now();
    if (now - heardAt < oneKeypressMs) return;
    heardAt = now;
    if (first.signal.aborted) onSecond();
    else first.abort();
  };
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, hear);
  onOrphaned(() => first.abort());
  return { signal: first.signal, onSecond: (action) => (onSecond = action) };
}

/** A signal to npm or Nx alone ends it and its shell without word to us; losing our parent is how we hear of it. */
function onOrphaned(action: () => void): void {
  const parent = process.ppid;
  if (!process.env['npm_lifecycle_event']) return;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    action();
  }, 300).unref();
}
