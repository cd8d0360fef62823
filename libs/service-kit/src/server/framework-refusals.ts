import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { Server } from './create-server.ts';
import { requestIdOf } from './request-identity.ts';

/**
 * Bytes that are no HTTP never reach a route: Node hands over the bare socket. Answered in the shape of every other
 * error; RFC 9457 reserves `about:blank` for "nothing to add to the status".
 */
export function answerUnreadableRequest(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const status = error.code === 'HPE_HEADER_OVERFLOW' ? 431 : error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : 400;
  const { title, headers, body } = refusal(status, randomUUID());
  const lines = Object.entries({ ...headers, 'X-Content-Type-Options': 'nosniff' });
  socket.end(
    [`HTTP/1.1 ${status} ${title}`, ...lines.map(([name, value]) => `${name}: ${value}`), '', body].join('\r\n'),
  );
}

/** `Expect` knows one value (RFC 9110, section 10.1.1). Of any other Node answers by itself, before all hooks, unless asked. */
export function refuseExpectations(app: Server): void {
  app.server.on('checkExpectation', (request, response) => {
    const { headers, body } = refusal(417, requestIdOf(request));
    response.writeHead(417, { ...app.baselineHeaders, ...headers }).end(body);
  });
}

function refusal(status: number, requestId: string) {
  const title = STATUS_CODES[status] ?? 'Bad Request';
  const body = JSON.stringify({ type: 'about:blank', title, status, code: 'malformed-request', requestId });
  const headers = {
    'Content-Type': 'application/problem+json',
    'Content-Length': String(Buffer.byteLength(body)),
    'X-Request-Id': requestId,
    // What else was sent has not been read.
    Connection: 'close',
  };
  return { title, headers, body };
}
