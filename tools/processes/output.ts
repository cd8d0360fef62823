import { closeSync, openSync, writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

export interface Output {
  lastLines: (count: number) => string[];
}

// The services' readable log lines, coloured or not: "12:03:11 warn  auth  …".
// eslint-disable-next-line no-control-regex -- colour codes are control characters
const logLine = /^(?:\u001b\[\d+m)?\d\d:\d\d:\d\d(?:\u001b\[\d+m)? (?:\u001b\[\d+m)?(\w+)/;
const serious = new Set(['warn', 'error', 'fatal']);

/** Keeps everything a process prints in its log file and shows a person only what is wrong. */
export function collectOutput(
  streams: { stdout: Readable; stderr: Readable },
  { logFile, show }: { logFile: string; show: (line: string) => void },
): Output {
  const log = openSync(logFile, 'a');
  const recent: string[] = [];
  let open = 2;
  for (const [stream, shownAtFirst] of [
    [streams.stdout, false],
    [streams.stderr, true],
  ] as const) {
    // What follows a log line and is none itself, a stack for instance, belongs to it.
    let shown = shownAtFirst;
    const reader = createInterface({ input: stream });
    reader.on('close', () => {
      if (--open === 0) closeSync(log);
    });
    reader.on('line', (line) => {
      const level = logLine.exec(line)?.[1];
      if (level) shown = serious.has(level);
      // At once: the last lines before an end are those somebody will look for.
      writeSync(log, `${line}\n`);
      recent.push(line);
      if (recent.length > 50) recent.shift();
      if (shown && line.trim()) show(line);
    });
  }
  return { lastLines: (count) => recent.slice(-count) };
}
