import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';

export interface HeardMail {
  readonly headers: IncomingHttpHeaders;
  readonly path: string | undefined;
  readonly body: {
    readonly to: string;
    readonly subject: string;
    readonly text: string;
    readonly tags: { name: string; value: string }[];
  };
}

export interface FakeResend {
  /** For RESEND_URL. */
  readonly url: string;
  readonly heard: HeardMail[];
  /** Resolves once there are so many. */
  waitFor(count: number): Promise<HeardMail[]>;
  /** How to answer from now on; by default every mail is taken under the id `re_<n>`. */
  answerWith(answer: ((response: ServerResponse) => unknown) | undefined): void;
  /** Refuse from now on, as the API does. */
  refuseWith(statusCode: number, name: string, headers?: Record<string, string>): void;
}

interface Teardown {
  teardown(handler: () => unknown): void;
}

/** The API of resend.com, as far as one mail needs it. */
export async function openFakeResend(t: Teardown): Promise<FakeResend> {
  const heard: HeardMail[] = [];
  const waiting: { count: number; resolve: (mails: HeardMail[]) => void }[] = [];
  let answer: ((response: ServerResponse) => unknown) | undefined;

  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString()));
    request.on('end', () => {
      heard.push({ path: request.url, headers: request.headers, body: JSON.parse(text) as HeardMail['body'] });
      for (const { count, resolve } of waiting) if (heard.length >= count) resolve(heard);
      if (answer) return void answer(response);
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ id: `re_${heard.length}` }));
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    heard,
    waitFor: (count) =>
      heard.length >= count ? Promise.resolve(heard) : new Promise((resolve) => waiting.push({ count, resolve })),
    answerWith(next) {
      answer = next;
    },
    refuseWith(statusCode, name, headers = {}) {
      answer = (response) =>
        response
          .writeHead(statusCode, { 'content-type': 'application/json', ...headers })
          .end(JSON.stringify({ statusCode, name, message: 'about person@example.com' }));
    },
  };
}
