import type { ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { Behaviour } from './fake-model.ts';

/**
 * Answers as a provider did: status line, headers, an empty line, body. Lines of the body that begin with `@` say how it goes
 * on from there:
 *
 * - `@repeat 1000` writes the next event that often
 * - `@bytewise` writes the rest a byte at a time, `@drip 50` with so many milliseconds after each
 * - `@hang` leaves the connection open and silent, `@reset` breaks it off
 */
export function replays(recording: string): Behaviour {
  const at = recording.indexOf('\n\n');
  const [statusLine = '', ...headerLines] = recording.slice(0, at).split('\n');
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(statusLine)?.[1]);
  const headers = headerLines.map((line) => [
    line.slice(0, line.indexOf(':')),
    line.slice(line.indexOf(':') + 1).trim(),
  ]);
  return async (response) => {
    response.writeHead(status, Object.fromEntries(headers) as Record<string, string>);
    response.flushHeaders();
    await play(response, recording.slice(at + 2));
  };
}

async function play(response: ServerResponse, body: string): Promise<void> {
  const direction = /^@(\w+) ?(\d+)?\n/m.exec(body);
  response.write(body.slice(0, direction?.index));
  if (!direction) {
    response.end();
    return;
  }
  const [line, what, number = '0'] = direction;
  const rest = body.slice(direction.index + line.length);
  switch (what) {
    case 'repeat': {
      const end = rest.indexOf('\n\n') + 2;
      for (let time = 0; time < Number(number) && !response.destroyed; time++)
        if (!response.write(rest.slice(0, end))) await new Promise((resolve) => setImmediate(resolve));
      return play(response, rest.slice(end));
    }
    case 'bytewise':
    case 'drip':
      for (const byte of Buffer.from(rest)) {
        if (response.destroyed) return;
        response.write(Buffer.of(byte));
        await (what === 'drip' ? delay(Number(number)) : new Promise((resolve) => setImmediate(resolve)));
      }
      response.end();
      return;
    case 'reset':
      // What was written is on its way first.
      await new Promise((resolve) => response.write('', resolve));
      response.destroy();
      return;
    default:
      return;
  }
}
