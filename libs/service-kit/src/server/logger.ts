import { type DestinationStream, type Logger, pino } from 'pino';
import type { LogLevel } from '../config/fields.ts';
import { isDependencyFailure } from '../problems/dependency-failure.ts';
import { describeBriefly, describeError, type DescribedError } from './describe-error.ts';
import { readableLines } from './readable-lines.ts';
import { withoutSecrets } from './without-secrets.ts';

export interface LoggerOptions {
  name: string;
  level: LogLevel;
  /** Lines for a person instead of JSON; what development uses. */
  readable?: boolean;
  destination?: DestinationStream;
}

/** JSON lines with secrets removed, whatever was handed to it. */
export function createLogger({ name, level, readable = false, destination }: LoggerOptions): Logger {
  return pino(
    {
      level,
      base: { service: name },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }), log: withoutSecrets },
      serializers: { err: describe, error: describe },
    },
    destination ?? (readable ? readableLines(process.stdout) : pino.destination({ fd: 1, sync: true })),
  );
}

/** Where in the code an outage was met is of no use, and during one it is met again and again. */
function describe(error: unknown): DescribedError {
  return isDependencyFailure(error) ? describeBriefly(error) : describeError(error);
}
