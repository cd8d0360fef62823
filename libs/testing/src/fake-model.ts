import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface FakeModel {
  /** For OPENAI_BASE_URL. */
  readonly url: string;
  /** What it was asked, oldest first. */
  readonly requests: ChatRequest[];
  /** How it will behave, one request after the other; the last one stays. */
  behave(...behaviours: Behaviour[]): void;
}

export interface ChatRequest {
  readonly model: string;
  readonly messages: { role: string; content: unknown }[];
  readonly response_format?: unknown;
  readonly [other: string]: unknown;
}

export type Behaviour = (response: ServerResponse, request: IncomingMessage) => void | Promise<void>;

interface Teardown {
  teardown(handler: () => Promise<void>): void;
}

/** A model provider that speaks OpenAI's chat protocol and does what the test tells it. */
export async function createFakeModel(t: Teardown): Promise<FakeModel> {
  const requests: ChatRequest[] = [];
  let script: Behaviour[] = [];
  const server = createServer((request, response) => {
    void readJson(request).then((body) => {
      requests.push(body as ChatRequest);
      const behaviour = script.length > 1 ? script.shift() : script[0];
      return (behaviour ?? refuses(500))(response, request);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(async () => {
    server.closeAllConnections();
    server.close();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    requests,
    behave: (...behaviours) => {
      script = behaviours;
    },
  };
}

interface Answer {
  /** What it says, in as many pieces as it is sent in. */
  pieces: string[];
  finish?: string;
  usage?: { prompt_tokens: number; completion_tokens: number };
  /** Waits here before each piece. */
  before?: (index: number) => Promise<unknown>;
}

/** Streams the pieces, ends by itself. */
export function streams({ pieces, finish = 'stop', usage, before }: Answer): Behaviour {
  return async (response) => {
    await sendPieces(response, pieces, before);
    sendChunk(response, { delta: {}, finish_reason: finish });
    if (usage)
      send(response, { choices: [], usage: { ...usage, total_tokens: usage.prompt_tokens + usage.completion_tokens } });
    response.end('data: [DONE]\n\n');
  };
}

/** Streams the pieces, then the line goes dead. */
export function breaksOffAfter(pieces: string[]): Behaviour {
  return async (response) => {
    await sendPieces(response, pieces);
    await new Promise((resolve) => setImmediate(resolve));
    response.destroy();
  };
}

/** Streams the pieces and then nothing, ever. */
export function hangsAfter(pieces: string[]): Behaviour {
  return async (response) => sendPieces(response, pieces);
}

export function refuses(status: number, headers: Record<string, string> = {}, code = 'error'): Behaviour {
  return (response) => {
    const body = JSON.stringify({ error: { message: `status ${status}`, type: code, code } });
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body);
  };
}

async function sendPieces(response: ServerResponse, pieces: string[], before?: Answer['before']): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  for (const [index, content] of pieces.entries()) {
    await before?.(index);
    sendChunk(response, { delta: { role: 'assistant', content }, finish_reason: null });
  }
}

function sendChunk(response: ServerResponse, choice: object): void {
  send(response, { choices: [{ index: 0, ...choice }] });
}

function send(response: ServerResponse, chunk: object): void {
  const envelope = {
    id: 'chatcmpl-1',
    object: 'chat.completion.chunk',
    created: 1_700_000_000,
    model: 'fake',
    ...chunk,
  };
  response.write(`data: ${JSON.stringify(envelope)}\n\n`);
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return JSON.parse(text);
}
