/** A request that waits for a document is answered within 3 s in any case. */
const timeoutMilliseconds = 2500;

export type Fetch = typeof globalThis.fetch;

export interface DocumentRequest {
  readonly uri: string;
  readonly fetch: Fetch;
  readonly closing: AbortSignal;
  readonly maximumBytes: number;
  /** The entity tag of the version at hand (RFC 9110 section 13.1.2). */
  readonly etag?: string | undefined;
}

export type FetchedDocument =
  { readonly text: string; readonly etag: string | undefined } | 'unchanged' | 'not-published';

/** Fetches a JSON document once. Rejects when the answer is late, redirected, too long or anything but 200, 304 and 404. */
export async function fetchDocument(request: DocumentRequest): Promise<FetchedDocument> {
  const { uri, fetch, closing, maximumBytes, etag } = request;
  const response = await fetch(uri, {
    signal: AbortSignal.any([closing, AbortSignal.timeout(timeoutMilliseconds)]),
    redirect: 'error',
    headers: { accept: 'application/json', ...(etag === undefined ? {} : { 'if-none-match': etag }) },
  });
  if (response.status === 200 && response.body !== null) {
    return { text: await readText(response.body, maximumBytes), etag: response.headers.get('etag') ?? undefined };
  }
  await response.body?.cancel();
  if (response.status === 304 && isStill(etag, response.headers.get('etag'))) return 'unchanged';
  if (response.status === 404) return 'not-published';
  throw new Error(`${uri} answered ${response.status}`);
}

/** RFC 9110 section 15.4.5: a 304 names the version that it confirms. A cache on the way may call it a weak one, or drop it. */
function isStill(asked: string | undefined, confirmed: string | null): boolean {
  return asked !== undefined && (confirmed ?? asked).replace(/^W\//, '') === asked.replace(/^W\//, '');
}

async function readText(body: ReadableStream<Uint8Array>, maximumBytes: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body) {
    length += chunk.byteLength;
    if (length > maximumBytes) throw new Error('the document is too long');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
