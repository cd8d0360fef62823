import { once } from 'node:events';
import { createServer } from 'node:net';
import t, { type Test } from 'tap';
import { findFreePort, isPortFree, takenPort } from '../ports.ts';

async function listenOn(t: Test, port: number, host?: string): Promise<void> {
  const server = createServer().listen(port, host);
  t.teardown(() => server.close());
  await once(server, 'listening');
}

void t.test('a taken port is noticed, whichever address holds it', async (t) => {
  for (const host of ['127.0.0.1', '0.0.0.0', undefined]) {
    const port = await findFreePort();
    t.ok(await isPortFree(port), 'free at first');
    await listenOn(t, port, host);
    t.notOk(await isPortFree(port), `taken on ${host ?? 'all addresses'}`);
  }
});

void t.test('a taken port is one line: which, for what, by whom, and what to type', async (t) => {
  const port = await findFreePort();
  await listenOn(t, port, '127.0.0.1');
  const { message } = await takenPort(port, 'api');
  t.match(message, `Port ${port} (api) is taken`);
  if (process.platform === 'linux') t.match(message, new RegExp(`taken by node .*\\(pid ${process.pid}\\)`));
  t.match(message, /ALVA_PORT_PREFIX=\d+ npm start$/);
  t.notMatch(message, '\n');
});
