import { createServer, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Test } from 'tap';

export interface HttpProxyOptions {
  /** Adds the peer to X-Forwarded-For, as proxies are set up to do; otherwise passes the header on as it is. */
  appends?: boolean;
}

/** A little reverse proxy in front of `target`; resolves with its own URL. */
export async function openHttpProxy(t: Test, target: () => string, { appends = true }: HttpProxyOptions = {}) {
  const server = createServer((incoming, outgoing) => {
    const given = [incoming.headers['x-forwarded-for'] ?? []].flat();
    const peer = incoming.socket.remoteAddress ?? '';
    const forwarded = appends ? [...given, peer].join(', ') : given.join(', ');
    const headers = { ...incoming.headers, ...(forwarded ? { 'x-forwarded-for': forwarded } : {}) };
    const onward = send(
      target() + (incoming.url ?? ''),
      { method: incoming.method, headers, agent: false },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      },
    );
    onward.on('error', () => outgoing.writeHead(502).end());
    incoming.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
