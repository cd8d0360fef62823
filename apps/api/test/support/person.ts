import { randomUUID } from 'node:crypto';
import { readEventStream, type ReceivedEvent, type TokenIssuer } from '@alva/testing';
import type { GeneratePlanAnswer, Job, Plan } from '@alva/validation';
import { profile } from './profile.ts';

export interface Reply<Body = Record<string, unknown>> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
}

/** Somebody with an access token, and what they do with the api. */
export interface Person {
  readonly sub: string;
  readonly sid: string;
  readonly token: string;
  send<Body = Record<string, unknown>>(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<Reply<Body>>;
  hasProfile(): Promise<void>;
  generate(headers?: Record<string, string>): Promise<GeneratePlanAnswer>;
  job(id: string): Promise<Job>;
  plan(id: string): Promise<Plan>;
  /** Events from after the given number until the stream ends, or until the reader has had enough. */
  watch(jobId: string, options?: { after?: number; signal?: AbortSignal }): AsyncGenerator<ReceivedEvent>;
  /** All of them, until the end. */
  watchToEnd(jobId: string, after?: number): Promise<ReceivedEvent[]>;
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
  const authorization = `Bearer ${token}`;

  async function send<Body>(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Reply<Body>> {
    const response = await fetch(url + path, {
      method,
      headers: { authorization, ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
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

  const person: Person = {
    sub,
    sid,
    token,
    send,
    async hasProfile() {
      await expectOk('PUT', '/user/profile', profile);
    },
    generate: (headers) => expectOk('POST', '/plans/generate', {}, headers),
    job: (id) => expectOk('GET', `/jobs/${id}`),
    plan: (id) => expectOk('GET', `/plans/${id}`),
    async *watch(jobId, { after, signal } = {}) {
      const response = await fetch(`${url}/jobs/${jobId}/events`, {
        headers: { authorization, ...(after === undefined ? {} : { 'last-event-id': String(after) }) },
        ...(signal ? { signal } : {}),
      });
      if (!response.ok || !response.body) throw new Error(`watching: ${response.status} ${await response.text()}`);
      yield* readEventStream(response.body);
    },
    async watchToEnd(jobId, after) {
      const events: ReceivedEvent[] = [];
      for await (const event of person.watch(jobId, after === undefined ? {} : { after })) events.push(event);
      return events;
    },
    at: (other) => personAt(other, { sub, sid }, token),
  };
  return person;
}
