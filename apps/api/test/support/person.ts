import { randomUUID } from 'node:crypto';
import { readEventStream, type ReceivedEvent, type TokenIssuer } from '@alva/testing';
import type { GeneratePlanAnswer, Job, Plan } from '@alva/validation';
import { profile } from './profile.ts';

export interface Reply<Body = Record<string, unknown>> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
}

/** Somebody who talks to the api: a person or a guest. */
export interface Client {
  send<Body = Record<string, unknown>>(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<Reply<Body>>;
  job(id: string): Promise<Job>;
  /** Events from after the given number until the stream ends, or until the reader has had enough. */
  watch(jobId: string, options?: { after?: number; signal?: AbortSignal }): AsyncGenerator<ReceivedEvent>;
  /** All of them, until the end. */
  watchToEnd(jobId: string, after?: number): Promise<ReceivedEvent[]>;
}

/** Somebody with an access token, and what they do with the api. */
export interface Person extends Client {
  readonly sub: string;
  readonly sid: string;
  readonly token: string;
  hasProfile(): Promise<void>;
  generate(headers?: Record<string, string>): Promise<GeneratePlanAnswer>;
  plan(id: string): Promise<Plan>;
  /** The same person at another copy of the api. */
  at(url: string): Person;
}

export async function createPerson(
  url: string,
  issuer: TokenIssuer,
  claims: Parameters<TokenIssuer['issue']>[0] = {},
): Promise<Person> {
  const identity = { sub: randomUUID(), sid: randomUUID(), ...claims };
  return personAt(url, identity, await issuer.issue(identity));
}

function personAt(url: string, { sub, sid }: { sub: string; sid: string }, token: string): Person {
  const client = createClient(url, { authorization: `Bearer ${token}` });
  return {
    ...client,
    sub,
    sid,
    token,
    async hasProfile() {
      await client.expectOk('PUT', '/user/profile', profile);
    },
    generate: (headers) => client.expectOk('POST', '/plans/generate', {}, headers),
    plan: (id) => client.expectOk('GET', `/plans/${id}`),
    at: (other) => personAt(other, { sub, sid }, token),
  };
}

/** Sends these headers with everything. */
export function createClient(url: string, credentials: Record<string, string>) {
  async function send<Body>(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Reply<Body>> {
    const response = await fetch(url + path, {
      method,
      headers: { ...credentials, ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body: (text === '' ? undefined : JSON.parse(text)) as Body,
    };
  }

  async function expectOk<Body>(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<Body> {
    const reply = await send<Body>(method, path, body, headers);
    if (reply.status >= 300) throw new Error(`${method} ${path}: ${reply.status} ${JSON.stringify(reply.body)}`);
    return reply.body;
  }

  const client: Client = {
    send,
    job: (id) => expectOk('GET', `/jobs/${id}`),
    async *watch(jobId, { after, signal } = {}) {
      const response = await fetch(`${url}/jobs/${jobId}/events`, {
        headers: { ...credentials, ...(after === undefined ? {} : { 'last-event-id': String(after) }) },
        ...(signal ? { signal } : {}),
      });
      if (!response.ok || !response.body) throw new Error(`watching: ${response.status} ${await response.text()}`);
      yield* readEventStream(response.body);
    },
    async watchToEnd(jobId, after) {
      const events: ReceivedEvent[] = [];
      for await (const event of client.watch(jobId, after === undefined ? {} : { after })) events.push(event);
      return events;
    },
  };
  return { ...client, expectOk };
}
