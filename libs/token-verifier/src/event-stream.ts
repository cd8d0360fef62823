export interface StreamEvent {
  readonly event: string;
  readonly data: string;
}

/**
 * Server-sent events as they come (HTML standard, section 9.2.6); comments, `id` and `retry` are passed over.
 * Throws when one event is longer than `maximumLength` characters.
 */
export async function* readEvents(body: AsyncIterable<Uint8Array>, maximumLength: number): AsyncGenerator<StreamEvent> {
  let event = '';
  let data: string[] = [];
  let length = 0;
  for await (const line of readLines(body, maximumLength)) {
    if (line === '') {
      if (data.length > 0) yield { event: event === '' ? 'message' : event, data: data.join('\n') };
      [event, data, length] = ['', [], 0];
      continue;
    }
    const { name, value } = readField(line);
    if (name === 'event') event = value;
    if (name === 'data') data.push(value);
    length += line.length;
    if (length > maximumLength) throw new Error('an event is too long');
  }
}

/** What the end of the body cuts off is dropped, as the standard wants it. */
async function* readLines(body: AsyncIterable<Uint8Array>, maximumLength: number): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const bytes of body) {
    const arrived = decoder.decode(bytes, { stream: true });
    // The beginning of a long line is not searched again with every piece of it.
    if (!/[\r\n]/.test(arrived)) {
      rest += arrived;
      if (rest.length > maximumLength) throw new Error('an event is too long');
      continue;
    }
    const lines = (rest + arrived).split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? '';
    yield* lines;
  }
}

function readField(line: string): { name: string; value: string } {
  const colon = line.indexOf(':');
  if (colon < 0) return { name: line, value: '' };
  return { name: line.slice(0, colon), value: line.slice(colon + 1).replace(/^ /, '') };
}
