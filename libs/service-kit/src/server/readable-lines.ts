import type { DestinationStream } from 'pino';

interface Line {
  time?: string;
  level?: string;
  service?: string;
  msg?: string;
  err?: Described;
  error?: Described;
  [key: string]: unknown;
}

interface Described {
  type: string;
  message: string;
  stack?: string;
  cause?: Described;
}

const colours: Record<string, number> = { trace: 90, debug: 36, info: 32, warn: 33, error: 31, fatal: 35 };

/** Turns JSON log lines into something to read in a terminal: `12:03:11 info auth  POST /auth/refresh 200 · 4 ms`. */
export function readableLines(output: NodeJS.WriteStream): DestinationStream {
  const paint = (code: number, text: string) => (output.isTTY ? `\u001b[${code}m${text}\u001b[0m` : text);
  return {
    write(json: string) {
      const {
        time = '',
        level = 'info',
        service = '',
        msg = '',
        error,
        err = error,
        ...rest
      } = JSON.parse(json) as Line;
      const details = Object.entries(rest).map(
        ([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
      );
      const head = `${paint(90, time.slice(11, 19))} ${paint(colours[level] ?? 0, level.padEnd(5))} ${paint(1, service)}`;
      output.write(`${[head, msg, paint(90, details.join(' '))].filter(Boolean).join('  ')}\n`);
      if (err) output.write(`${describe(err)}${err.stack ? `${err.stack}\n` : ''}`);
    },
  };
}

function describe({ type, message, cause }: Described, reason = '    '): string {
  return `${reason}${type}: ${message}\n${cause ? describe(cause, '    because of ') : ''}`;
}
