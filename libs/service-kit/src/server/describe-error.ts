export interface DescribedError {
  type: string;
  message: string;
  code?: string;
  stack?: string;
  cause?: DescribedError;
}

/**
 * An error for the log. Only these members are taken: drivers hang statements and their parameters on their errors, and
 * Drizzle puts the parameters into the message, where mail addresses and token hashes would reach the log.
 */
export function describeError(error: unknown, depth = 0): DescribedError {
  if (!(error instanceof Error)) return describeOther(error, depth);
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  const cause = error instanceof AggregateError ? (error.errors as unknown[])[0] : error.cause;
  return {
    type: error.name === 'Error' ? error.constructor.name : error.name,
    message: mask(error.message),
    ...(code === undefined ? {} : { code }),
    ...(error.stack === undefined ? {} : { stack: frames(error.stack) }),
    ...(cause === undefined || depth >= 4 ? {} : { cause: describeError(cause, depth + 1) }),
  };
}

/** Described already, by a library that has no Error to give away; or thrown by one that throws anything. */
function describeOther(error: unknown, depth: number): DescribedError {
  if (typeof error !== 'object' || error === null) return { type: typeof error, message: mask(String(error)) };
  const { name, type, message, code, cause } = error as Record<string, unknown>;
  return {
    type: [name, type].find((each) => typeof each === 'string') ?? 'object',
    message: mask(typeof message === 'string' ? message : JSON.stringify(error)),
    ...(typeof code === 'string' ? { code } : {}),
    ...(cause === undefined || depth >= 4 ? {} : { cause: describeError(cause, depth + 1) }),
  };
}

/** The same without stacks, for what is expected to fail now and then: where in the code nobody needs to know. */
export function describeBriefly(error: unknown): DescribedError {
  return withoutStack(describeError(error));
}

function withoutStack({ stack: _, cause, ...described }: DescribedError): DescribedError {
  return { ...described, ...(cause ? { cause: withoutStack(cause) } : {}) };
}

/** Drops query parameters, and anything that looks like a token. */
function mask(message: string): string {
  return message
    .replace(/\nparams:[\s\S]*$/, '')
    .replace(/[\w-]{40,}(\.[\w-]+)*/g, '[redacted]')
    .slice(0, 500);
}

/** The stack without the message, which `mask` has dealt with already. */
function frames(stack: string): string {
  const lines = stack.split('\n').filter((line) => /^\s+at /.test(line));
  return lines.slice(0, 20).join('\n');
}
