import { readKeyDocument, type VerificationKey } from './key-document.ts';

/** A request that waits for keys is answered within 3 s in any case. */
const timeoutMilliseconds = 2500;
const maximumBytes = 64 * 1024;

/** Fetches and reads the JWK Set once. Rejects when the answer is late, redirected, too long or not a usable set. */
export async function fetchKeys(uri: string, fetch: typeof globalThis.fetch, closing: AbortSignal) {
  const signal = AbortSignal.any([closing, AbortSignal.timeout(timeoutMilliseconds)]);
  const response = await fetch(uri, { signal, redirect: 'error', headers: { accept: 'application/json' } });
  if (response.status !== 200 || response.body === null) {
    await response.body?.cancel();
    throw new Error(`${uri} answered ${response.status}`);
  }
  return readKeyDocument(await readText(response.body)) satisfies VerificationKey[];
}

async function readText(body: ReadableStream<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body) {
    length += chunk.byteLength;
    if (length > maximumBytes) throw new Error('the JWK Set is too long');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
