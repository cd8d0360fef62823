import { type CustomFetch } from 'openid-client';

/** Milliseconds that a provider has for one answer. With what we do ourselves it stays below the three seconds of a request. */
export const providerPatience = 2_000;

/** Discovery documents and key sets are a few KiB. */
const largestAnswer = 512 * 1024;

/** No answer, none in time, or one that says that something is wrong over there. */
export class ProviderDown extends Error {
  override readonly name = 'ProviderDown';
}

/**
 * `fetch` for what providers publish and answer: in time, not endless, and asked once for all who want the same document at
 * the same moment.
 */
export function createProviderFetch(patienceMs = providerPatience): CustomFetch {
  const underWay = new Map<string, Promise<Response>>();

  async function ask(url: string, options: Parameters<CustomFetch>[1]): Promise<Response> {
    try {
      const signal = AbortSignal.timeout(patienceMs);
      const response = await fetch(url, { ...options, signal } as RequestInit);
      if (response.status >= 500) throw new ProviderDown(`${new URL(url).host} answered ${response.status}`);
      return await readWhole(response);
    } catch (cause) {
      throw cause instanceof ProviderDown ? cause : new ProviderDown(`${new URL(url).host} did not answer`, { cause });
    }
  }

  return async (url, options) => {
    const isPublic = options.method === 'GET' && !new Headers(options.headers).has('authorization');
    if (!isPublic) return ask(url, options);
    const shared = underWay.get(url) ?? ask(url, options).finally(() => underWay.delete(url));
    underWay.set(url, shared);
    return (await shared).clone();
  };
}

async function readWhole(response: Response): Promise<Response> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  const body = response.body as AsyncIterable<Uint8Array> | null;
  for await (const chunk of body ?? []) {
    size += chunk.byteLength;
    if (size > largestAnswer) throw new ProviderDown('answered without end');
    chunks.push(chunk);
  }
  const { status, statusText, headers } = response;
  return new Response(size === 0 ? null : Buffer.concat(chunks), { status, statusText, headers });
}
