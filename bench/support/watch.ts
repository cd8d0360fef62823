import { get, type Agent } from 'node:http';

export interface Watching {
  readonly headers: Record<string, string>;
  readonly agent: Agent;
  /** Every event as it was sent, at the moment it was read. */
  readonly onEvent: (event: string) => void;
}

export interface Watched {
  /** The answer has begun. */
  readonly opened: Promise<void>;
  /** Resolves when the stream ends, and rejects when it breaks. */
  readonly over: Promise<void>;
  close(): void;
}

/** An event stream on a connection of its own. */
export function watch(url: string, { headers, agent, onEvent }: Watching): Watched {
  const opened = Promise.withResolvers<undefined>();
  const over = Promise.withResolvers<undefined>();
  let text = '';
  const request = get(url, { headers, agent }, (response) => {
    if (response.statusCode !== 200) {
      request.destroy(new Error(`${url} answered ${response.statusCode}`));
      return;
    }
    response.setEncoding('utf8');
    response.on('data', (chunk: string) => {
      opened.resolve(undefined);
      text += chunk;
      for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
        onEvent(text.slice(0, end));
        text = text.slice(end + 2);
      }
    });
    response.on('end', () => over.resolve(undefined));
    response.on('error', over.reject);
  });
  request.on('error', (error) => {
    opened.reject(error);
    over.reject(error);
  });
  // Whoever hangs up does not wait for the end.
  over.promise.catch(() => undefined);
  return { opened: opened.promise, over: over.promise, close: () => request.destroy() };
}
