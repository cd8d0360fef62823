import { createServer } from 'node:net';

const perProcess = 10;

/**
 * Free ports, all different. From a block of this process's own, so that test files that run side by side never meet, and
 * below the range that outgoing connections take theirs from, so that a service that is started again finds its own free.
 */
export async function findFreePorts(count: number): Promise<number[]> {
  const ports: number[] = [];
  for (let block = process.pid % 1000; ports.length < count; block = (block + 1) % 1000) {
    const candidates = Array.from({ length: perProcess }, (_, index) => 20_000 + block * perProcess + index);
    for (const port of candidates) if (ports.length < count && (await isFree(port))) ports.push(port);
  }
  return ports;
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
