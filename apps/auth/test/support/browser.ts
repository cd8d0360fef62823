import { Agent, request as send, type IncomingHttpHeaders } from 'node:http';
import { webOrigin } from './auth.ts';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** The parsed body; undefined when it is no JSON. */
  readonly json: unknown;
  readonly setCookies: string[];
}

export interface Ask {
  readonly method?: string;
  /** Sent as JSON; a string goes as it is. */
  readonly body?: unknown;
  readonly headers?: Record<string, string | string[]>;
}

const agent = new Agent({ keepAlive: true });

/** One request with exactly these headers; fetch would add and refuse some. */
export function ask(url: string, { method = 'GET', body, headers = {} }: Ask = {}): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const payload = typeof body === 'string' || body === undefined ? body : JSON.stringify(body);
  const contentType =
    payload === undefined
      ? {}
      : { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(payload)) };
  const outgoing = send(url, { method, agent, headers: { ...contentType, ...headers } }, (incoming) => {
    let text = '';
    incoming.setEncoding('utf8');
    incoming.on('data', (chunk: string) => (text += chunk));
    incoming.on('error', reject);
    incoming.on('end', () => {
      const { statusCode = 0, headers: answered } = incoming;
      resolve({
        status: statusCode,
        headers: answered,
        text,
        json: parse(text),
        setCookies: answered['set-cookie'] ?? [],
      });
    });
  });
  outgoing.on('error', reject);
  outgoing.end(payload);
  return promise;
}

export interface Browser {
  /** By name; what the service set and has not cleared. */
  readonly cookies: Map<string, string>;
  get(path: string, headers?: Record<string, string>): Promise<Answer>;
  post(path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  /** The same person elsewhere in time: the cookies as they are now. */
  copy(): Browser;
}

/** A page of the web app in a browser with a cookie jar of its own. */
export function openBrowser(url: string, jar: Iterable<[string, string]> = []): Browser {
  const cookies = new Map(jar);

  async function go(path: string, { headers, ...rest }: Ask): Promise<Answer> {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await ask(url + path, { ...rest, headers: { ...(cookie ? { cookie } : {}), ...headers } });
    for (const line of answer.setCookies) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === '' || /Max-Age=0(;|$)/.test(line)) cookies.delete(name);
      else cookies.set(name, value);
    }
    return answer;
  }

  return {
    cookies,
    get: (path, headers = {}) => go(path, { headers }),
    post: (path, body, headers = {}) => go(path, { method: 'POST', body, headers: { origin: webOrigin, ...headers } }),
    copy: () => openBrowser(url, cookies),
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
