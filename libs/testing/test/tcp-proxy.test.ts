import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import t, { type Test } from 'tap';
import { openTcpProxy } from '../src/tcp-proxy.ts';

t.test('a cut line ends what is open and takes nothing new until it is restored', async (t) => {
  const { line, call } = await openEcho(t);
  const open = await call();
  line.cut();
  await once(open, 'close');
  await once(await call(), 'close');
  line.restore();
  t.equal(await say(await call(), 'again'), 'again');
});

t.test('a stalled line keeps its connections and delivers late', async (t) => {
  const { line, call, heard } = await openEcho(t);
  const open = await call();
  t.equal(await say(open, 'before'), 'before');
  line.stall();
  const answer = say(open, 'meanwhile');
  t.equal(await say(await heard.direct(), 'past the line'), 'past the line');
  t.strictSame(heard.words, ['before', 'past the line']);
  line.restore();
  t.equal(await answer, 'meanwhile');
});

t.test('lost answers: what is asked arrives', async (t) => {
  const { line, call, heard } = await openEcho(t);
  const open = await call();
  line.loseAnswers();
  open.write('into the dark');
  open.on('data', () => t.fail('an answer came through'));
  while (!heard.words.includes('into the dark')) await new Promise(setImmediate);
});

t.test('a forsaken connection stays silent for ever, new ones serve', async (t) => {
  const { line, call, heard } = await openEcho(t);
  const open = await call();
  t.equal(await say(open, 'before'), 'before');
  line.forsake();
  open.write('anybody?');
  t.equal(await say(await call(), 'hello'), 'hello');
  t.strictSame(heard.words, ['before', 'hello']);
});

/** A server that says everything back, and remembers it. */
async function openEcho(t: Test) {
  const words: string[] = [];
  const sockets = new Set<Socket>();
  const keep = (socket: Socket) => {
    sockets.add(socket);
    return socket.on('error', () => undefined);
  };
  const server = createServer((socket) => {
    keep(socket).on('data', (chunk) => {
      words.push(chunk.toString());
      socket.write(chunk);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const line = await openTcpProxy(t, `tcp://127.0.0.1:${port}`);
  const dial = async (to: number) => {
    const socket = keep(connect(to, '127.0.0.1'));
    await once(socket, 'connect');
    return socket;
  };
  return { line, call: () => dial(Number(new URL(line.url).port)), heard: { words, direct: () => dial(port) } };
}

async function say(socket: Socket, word: string): Promise<string> {
  socket.write(word);
  const [answer] = (await once(socket, 'data')) as [Buffer];
  return answer.toString();
}
