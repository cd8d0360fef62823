import { readServiceProblem } from '@alva/validation';

export type Fetch = (input: string, init?: RequestInit) => Promise<Response>;

export interface Cancellable {
  signal?: AbortSignal | undefined;
}

/** What may be handed in for a value of the wire: members that are `undefined` are not sent. */
type Sent<Value> = Value extends readonly (infer Item)[]
  ? Sent<Item>[]
  : Value extends object
    ? { [Name in keyof Value]: Sent<Value[Name]> | (object extends Pick<Value, Name> ? undefined : never) }
    : Value;

export type Call<Data> = Sent<Omit<Data, 'url'>> & Cancellable;

/** The same once the types have done their work. */
interface AnyCall extends Cancellable {
  path?: Record<string, string> | undefined;
  query?: Record<string, string | number | undefined> | undefined;
  headers?: Record<string, string | undefined> | undefined;
  body?: unknown;
}

/**
 * Sends JSON and reads JSON: `request<GetPlansByIdData, GetPlansByIdResponse>('GET', '/plans/{id}', { path: { id } })`.
 * Rejects with `ServiceProblem` for every answer that is not ok, and with whatever `fetch` rejects with when there is none.
 */
export function createRequest({ baseUrl, fetch }: { baseUrl: string; fetch: Fetch }) {
  return async function request<Data extends { url: string }, Answer>(
    method: string,
    url: Data['url'],
    call: Call<Data>,
  ): Promise<Answer> {
    const { path = {}, query = {}, headers = {}, body, signal } = call as AnyCall;
    const response = await fetch(baseUrl + fillIn(url, path) + queryString(query), {
      method,
      headers: { accept: 'application/json', ...(body === undefined ? {} : json), ...given(headers) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal ? { signal } : {}),
    });
    if (!response.ok) throw await readServiceProblem(response);
    return (response.status === 204 ? undefined : await response.json()) as Answer;
  };
}

const json = { 'content-type': 'application/json' };

/** '/plans/{id}' with its parameters, each as one segment whatever is in it. */
export function fillIn(url: string, path: Record<string, string>): string {
  return url.replaceAll(/\{(\w+)\}/g, (_match, name: string) => encodeURIComponent(path[name] ?? ''));
}

function queryString(query: Record<string, string | number | undefined>): string {
  const text = new URLSearchParams(given(query)).toString();
  return text === '' ? '' : `?${text}`;
}

function given(values: Record<string, string | number | undefined>): Record<string, string> {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries.map(([name, value]) => [name, String(value)]));
}
