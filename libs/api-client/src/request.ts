import { readServiceProblem } from '@alva/validation';

export type Fetch = (input: string, init?: RequestInit) => Promise<Response>;

export interface Cancellable {
  signal?: AbortSignal | undefined;
}

/** What may be handed in for a value of the wire: members that are `undefined` are not sent. */
type Sent<Value> = Value extends Blob
  ? Value
  : Value extends readonly (infer Item)[]
    ? Sent<Item>[]
    : Value extends object
      ? { [Name in keyof Value]: Sent<Value[Name]> | (object extends Pick<Value, Name> ? undefined : never) }
      : Value;

export type Call<Data> = Sent<Omit<Data, 'url'>> & Cancellable;

/** What a list may be asked for. */
export type Query<Data> = Call<Data>['query' & keyof Call<Data>];

/** The same once the types have done their work. */
interface AnyCall extends Cancellable {
  path?: Record<string, string> | undefined;
  query?: Record<string, string | number | undefined> | undefined;
  headers?: Record<string, string | undefined> | undefined;
  body?: unknown;
}

export type Send = ReturnType<typeof createSend>;

/**
 * Sends JSON, or a file as it is: `send<GetPlansByIdExportData>('GET', '/plans/{id}/export', { path: { id } })`. Rejects with `ServiceProblem` for
 * every answer that is not ok, and with whatever `fetch` rejects with when there is none.
 */
export function createSend({ baseUrl, fetch }: { baseUrl: string; fetch: Fetch }) {
  return async function send<Data extends { url: string }>(
    method: string,
    url: Data['url'],
    call: Call<Data>,
  ): Promise<Response> {
    const { path = {}, query = {}, headers = {}, body, signal } = call as AnyCall;
    const response = await fetch(baseUrl + fillIn(url, path) + queryString(query), {
      method,
      headers: { accept: 'application/json', ...given(headers), ...typeOf(body) },
      ...(body === undefined ? {} : { body: body instanceof Blob ? body : JSON.stringify(body) }),
      ...(signal ? { signal } : {}),
    });
    if (!response.ok) throw await readServiceProblem(response);
    return response;
  };
}

export type SendJson = ReturnType<typeof createRequest>;

/** The same where JSON comes back: `request<GetPlansByIdData, GetPlansByIdResponse>('GET', '/plans/{id}', { path: { id } })`. */
export function createRequest(send: Send) {
  return async function request<Data extends { url: string }, Answer>(
    method: string,
    url: Data['url'],
    call: Call<Data>,
  ): Promise<Answer> {
    const response = await send(method, url, call);
    return (response.status === 204 ? undefined : await response.json()) as Answer;
  };
}

/** The version that was read, as the entity tag it has on the wire. A proxy may have made the answer's own tag a weak one. */
export function ifMatch(version: number): { 'if-match': string } {
  return { 'if-match': `"${version}"` };
}

function typeOf(body: unknown): Record<string, string> {
  if (body === undefined) return {};
  return { 'content-type': body instanceof Blob ? body.type : 'application/json' };
}

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
