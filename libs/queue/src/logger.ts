/** The part of pino that this package needs. */
export interface Logger {
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
  error(details: object, message: string): void;
}

export type Report = (message: string, error: unknown) => void;

const repeatAfter = 10_000;

/**
 * Says what went wrong without what may not be said: drivers hang commands, addresses and passwords on their errors,
 * so only name, code and message are logged. An outage makes the same error many times a second; it is logged
 * once in ten.
 */
export function createReport(logger: Logger): Report {
  const saidAt = new Map<string, number>();
  return (message, error) => {
    const described = describeError(error);
    const key = `${message} ${described.code ?? ''} ${described.message}`;
    const now = Date.now();
    if (now - (saidAt.get(key) ?? -Infinity) < repeatAfter) return;
    if (saidAt.size > 100) saidAt.clear();
    saidAt.set(key, now);
    logger.error({ error: described }, message);
  };
}

export function describeError(error: unknown): { name: string; message: string; code?: string } {
  if (!(error instanceof Error)) return { name: 'Error', message: withoutPasswords(String(error)) };
  // Node says "connect ECONNREFUSED" of several addresses at once with an empty message and the code alone.
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  const message = withoutPasswords(withoutParameters(error.message) || (code ?? 'no reason given'));
  return { name: error.name, message, ...(code === undefined ? {} : { code }) };
}

/** Drizzle puts what a statement was asked with behind the statement. */
function withoutParameters(message: string): string {
  return message.replace(/\nparams:[\s\S]*$/, '');
}

function withoutPasswords(text: string): string {
  return text.replace(/\/\/[^@/\s]*@/g, '//***@');
}
