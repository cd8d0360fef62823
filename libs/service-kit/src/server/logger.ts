import { type DestinationStream, type Logger, pino } from 'pino';
import type { logLevels } from '../config/fields.ts';
import { describeError } from './describe-error.ts';
import { readableLines } from './readable-lines.ts';

export interface LoggerOptions {
  name: string;
  level: (typeof logLevels)[number];
  /** Lines for a person instead of JSON; what development uses. */
  readable?: boolean;
  destination?: DestinationStream;
}

// A second line of defence: the first is that nobody logs headers or bodies in the first place.
const secretKeys = [
  ...['authorization', 'cookie', 'set-cookie', 'x-guest-token'],
  ...['token', 'accessToken', 'refreshToken', 'idToken', 'guestToken', 'password', 'secret', 'html', 'link', 'body'],
];
const redactedPaths = secretKeys.flatMap((key) => {
  const bracketed = `["${key}"]`;
  return [bracketed, `*${bracketed}`, `*.headers${bracketed}`];
});

/** JSON lines with secrets removed, whatever was handed to it. */
export function createLogger({ name, level, readable = false, destination }: LoggerOptions): Logger {
  return pino(
    {
      level,
      base: { service: name },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: describeError, error: describeError },
      redact: { paths: redactedPaths, censor: '[redacted]' },
    },
    destination ?? (readable ? readableLines(process.stdout) : pino.destination({ fd: 1, sync: true })),
  );
}
