import { fetchDocument, type Fetch } from './fetch-document.ts';
import { readKeyDocument, type VerificationKey } from './key-document.ts';

const maximumBytes = 64 * 1024;

/** Fetches and reads the JWK Set once. Rejects when there is no answer or it is not a usable set. */
export async function fetchKeys(uri: string, fetch: Fetch, closing: AbortSignal): Promise<VerificationKey[]> {
  const document = await fetchDocument({ uri, fetch, closing, maximumBytes });
  if (typeof document === 'string') throw new Error(`${uri} has no JWK Set`);
  return readKeyDocument(document.text);
}
