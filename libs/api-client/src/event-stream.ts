import { createParser, type EventSourceMessage } from 'eventsource-parser';

export interface EventStreamOptions {
  /** Reports every arrival of bytes, comments included: the connection lives. */
  onBytes: () => void;
  /** The server's `retry:` field, milliseconds. */
  onRetry: (milliseconds: number) => void;
}

/** One event may hold this many characters; a stream that never ends an event would fill the memory otherwise. */
const maxBufferSize = 1024 * 1024;

/** Messages of a `text/event-stream` body (HTML standard, section 9.2.6), however the network cut it into pieces. */
export async function* readEventStream(body: ReadableStream<Uint8Array>, { onBytes, onRetry }: EventStreamOptions) {
  let messages: EventSourceMessage[] = [];
  let overflow: Error | undefined;
  const parser = createParser({
    maxBufferSize,
    onEvent: (message) => messages.push(message),
    onRetry,
    onError: (error) => {
      if (error.type === 'max-buffer-size-exceeded') overflow = error;
    },
  });
  const decoder = new TextDecoder();
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      // What has not ended with an empty line is incomplete and dropped, as the standard says.
      if (done) return;
      onBytes();
      parser.feed(decoder.decode(value, { stream: true }));
      if (overflow) throw overflow;
      const complete = messages;
      messages = [];
      yield* complete;
    }
  } finally {
    // Whoever stops listening also hangs up; a connection that broke cannot be cancelled and need not be.
    await reader.cancel().catch(() => undefined);
  }
}
