import { ModelError } from '../model-error.ts';
import { brokenOff } from './provider-failure.ts';

/** A plan with everything around it takes a tenth of it, thoughts of a model included. */
const mostBytes = 8_000_000;

/** `fetch` for a provider: goes where it was sent and nowhere else, and reads no more than an answer can be long. */
export async function providerFetch(...[input, init]: Parameters<typeof fetch>): Promise<Response> {
  // Followed, a redirect would carry the key and the question along.
  const response = await fetch(input, { ...init, redirect: 'manual' });
  const { status, statusText, headers, body } = response;
  if (response.ok && /html|json|xml/.test(headers.get('content-type') ?? '')) {
    await body?.cancel();
    throw new ModelError('answer-garbled', 'Something other than the language model answered in its place.', {});
  }
  return new Response(body && ReadableStream.from(bounded(body, init?.signal)), { status, statusText, headers });
}

async function* bounded(body: ReadableStream<Uint8Array>, signal: AbortSignal | null | undefined) {
  let bytes = 0;
  try {
    for await (const chunk of body) {
      bytes += chunk.byteLength;
      if (bytes > mostBytes) throw endless();
      yield chunk;
    }
  } catch (error) {
    if (signal?.aborted || error instanceof ModelError) throw error;
    // Once it has begun to answer, it is no longer a question of reaching it.
    throw brokenOff(error);
  }
}

export function endless(): ModelError {
  return new ModelError('answer-unusable', 'The model did not come to an end.', {});
}
