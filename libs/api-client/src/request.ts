import { readServiceProblem } from '@alva/validation';

export type Fetch = (input: string, init?: RequestInit) => Promise<Response>;

export interface Call {
  query?: Record<string, string | number | undefined>;
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal | undefined;
}

export type Request = ReturnType<typeof createRequest>;

/**
 * Sends JSON and reads JSON. Rejects with `ServiceProblem` for every answer that is not ok, and with whatever `fetch`
 * rejects with when there is none.
 */
export function createRequest({ baseUrl, fetch }: { baseUrl: string; fetch: Fetch }) {
  return async function request<Answer>(method: string, path: string, call: Call = {}): Promise<Answer> {
    const { query = {}, body, headers = {}, signal } = call;
    const response = await fetch(baseUrl + path + queryString(query), {
      method,
      headers: { accept: 'application/json', ...(body === undefined ? {} : json), ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal ? { signal } : {}),
    });
    if (!response.ok) throw await readServiceProblem(response);
    return (response.status === 204 ? undefined : await response.json()) as Answer;
  };
}

const json = { 'content-type': 'application/json' };

function queryString(query: Record<string, string | number | undefined>): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined);
  if (given.length === 0) return '';
  return `?${new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString()}`;
}
