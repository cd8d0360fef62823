import { createServer, type AddressInfo } from 'node:net';
import { Hint } from './hint.ts';
import { findPortHolder } from './processes/port-holder.ts';

async function listen(port: number, host?: string): Promise<number> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, exclusive: true, ...(host ? { host } : {}) }, () => {
      const { port: bound } = server.address() as AddressInfo;
      server.close(() => resolve(bound));
    });
  });
}

/** Tried by listening, on loopback and on all addresses: some systems let one of them succeed beside the other's holder. */
export async function isPortFree(port: number): Promise<boolean> {
  try {
    await listen(port, '127.0.0.1');
    await listen(port);
    return true;
  } catch {
    return false;
  }
}

export async function findFreePort(): Promise<number> {
  return listen(0, '127.0.0.1');
}

/** The one line about a port somebody else has: which, for what, who holds it, and what to type. */
export async function takenPort(port: number, purpose: string): Promise<Hint> {
  const holder = findPortHolder(port);
  return new Hint(
    `Port ${port} (${purpose}) is taken${holder ? ` by ${holder}` : ''}. Free it or ${useOtherPorts(port)}`,
  );
}

export function useOtherPorts(port: number): string {
  return `use other ports: ALVA_PORT_PREFIX=${Math.floor(port / 10) + 10} npm start`;
}
