import { createServer, type AddressInfo, type Socket } from 'node:net';

export interface CaughtMail {
  readonly from: string;
  readonly to: string[];
  /** Headers and body as they came over the wire. */
  readonly message: string;
}

export interface MailCatcher {
  /** For SMTP_URL. */
  readonly url: string;
  readonly mails: CaughtMail[];
  /** Resolves once there are so many. */
  waitFor(count: number): Promise<CaughtMail[]>;
  /** What to answer to a message from now on, such as `451 later`; undefined accepts. */
  answerWith(reply: string | undefined): void;
}

interface Teardown {
  teardown(handler: () => unknown): void;
}

/** A mail server that keeps what it is given: enough of SMTP for a well-behaved client. */
export async function openMailCatcher(t: Teardown): Promise<MailCatcher> {
  const mails: CaughtMail[] = [];
  const sockets = new Set<Socket>();
  const waiting: { count: number; resolve: (mails: CaughtMail[]) => void }[] = [];
  let reply: string | undefined;

  function keep(mail: CaughtMail): string {
    if (reply !== undefined) return reply;
    mails.push(mail);
    for (const { count, resolve } of waiting) if (mails.length >= count) resolve(mails);
    return '250 kept';
  }

  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    converse(socket, keep);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });

  return {
    url: `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`,
    mails,
    waitFor: (count) =>
      mails.length >= count ? Promise.resolve(mails) : new Promise((resolve) => waiting.push({ count, resolve })),
    answerWith(next) {
      reply = next;
    },
  };
}

const answers: Record<string, string> = { DATA: '354 go on', QUIT: '221 bye', STAR: '502 no encryption here' };

function converse(socket: Socket, keep: (mail: CaughtMail) => string): void {
  let [from, to, buffer, inMessage] = ['', [] as string[], '', false];
  const say = (line: string) => socket.write(`${line}\r\n`);

  function hear(line: string): void {
    const [, address = ''] = /<([^>]*)>/.exec(line) ?? [];
    const command = line.slice(0, 4).toUpperCase();
    if (command === 'MAIL') [from, to] = [address, []];
    if (command === 'RCPT') to.push(address);
    if (command === 'DATA') inMessage = true;
    say(answers[command] ?? '250 ok');
  }

  say('220 catcher');
  socket.on('data', (chunk) => {
    buffer += chunk.toString();
    for (;;) {
      const end = inMessage ? '\r\n.\r\n' : '\r\n';
      const position = buffer.indexOf(end);
      if (position < 0) return;
      const part = buffer.slice(0, position);
      buffer = buffer.slice(position + end.length);
      if (inMessage) {
        inMessage = false;
        say(keep({ from, to, message: part }));
      } else {
        hear(part);
      }
    }
  });
}
